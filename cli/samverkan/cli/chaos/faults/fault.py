"""What every fault is."""

from random import Random

from samverkan.cli.chaos.arena import Arena


class Missed(Exception):
    """It could not strike: what it needs is not there just now. Told in the report, not counted."""


class Fault:
    """Struck once, then healed once; one that missed is not healed, for it has done nothing."""

    def __init__(self, arena: Arena, target: str, random: Random) -> None:
        self.arena = arena
        self.target = target
        self.random = random

    async def strike(self) -> str:
        """Do it; what was done beyond what kind and target say. Missed: nothing was."""
        raise NotImplementedError

    async def heal(self) -> None:
        """Undo it, as far as it is not for good. Missed: it came to nothing after all, and is undone."""
