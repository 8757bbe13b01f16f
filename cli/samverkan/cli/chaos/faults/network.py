"""Connections between a pair that end, stall or are slow."""

from samverkan.cli.chaos.faults.fault import Fault


class Cut(Fault):
    """Connections are reset in whatever they were saying; nobody gets through until it heals."""

    async def strike(self) -> str:
        self.arena.ground.links.cut(self.target)
        return ""

    async def heal(self) -> None:
        self.arena.ground.links.mend(self.target)


class Stall(Fault):
    """Connections stay and carry nothing; what was sent meanwhile arrives when it heals."""

    async def strike(self) -> str:
        self.arena.ground.links.stall(self.target)
        return ""

    async def heal(self) -> None:
        self.arena.ground.links.mend(self.target)


class Slow(Fault):
    """Everything takes longer, each way."""

    async def strike(self) -> str:
        seconds = self.random.choice((0.02, 0.1, 0.4))
        self.arena.ground.links.slow(self.target, seconds)
        return f"{seconds * 1000:.0f} ms"

    async def heal(self) -> None:
        self.arena.ground.links.mend(self.target)
