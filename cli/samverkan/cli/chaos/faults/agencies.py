"""Processes that are other than they should be: two of them, of an older release, with a wrong clock."""

import signal
from pathlib import Path

import psutil

from samverkan.backbone.clock import set_ahead
from samverkan.cli.chaos.faults.fault import Fault
from samverkan.cli.chaos.member import UNKNOWN_TYPES
from samverkan.cli.chaos.plan import clock_file
from samverkan.schemas.catalogue import topics_for


class Rebalance(Fault):
    """A second process joins the group of an agency and leaves it, in order or killed: partitions move twice."""

    _replica = ""

    async def strike(self) -> str:
        self._replica = await self.arena.add_replica(self.target)
        return ""

    async def heal(self) -> None:
        if not self._replica:
            return
        await self.arena.keep_down(self._replica)
        how = self.random.choice((signal.SIGTERM, signal.SIGKILL))
        pid = await self.arena.ask(lambda children: children[self._replica].pid)
        try:
            if pid is not None:
                psutil.Process(pid).send_signal(how)
        except psutil.NoSuchProcess:
            pass
        await self.arena.gone(self._replica)


class Unknown(Fault):
    """An agency is started as a release that does not know an event type; such events park their streams there, or so
    many that it halts. When healed it is upgraded, by a restart, and everything drains."""

    async def strike(self) -> str:
        owners = self.arena.size.services
        events = [event for topic in topics_for(self.target) if topic.owner in owners for event in topic.events[:6]]
        event = self.random.choice(events)  # the first of a topic are those of every day
        await self._restart(event.wire_type())
        return event.__name__

    async def heal(self) -> None:
        await self._restart("")

    async def _restart(self, unknown: str) -> None:
        env = dict(await self.arena.ask(lambda children: children[self.target].env))
        await self.arena.keep_down(self.target)
        for process in self.arena.tree(self.target):
            process.kill()
        await self.arena.gone(self.target)
        await self.arena.bring_up(self.target, env | {UNKNOWN_TYPES: unknown})


class Jump(Fault):
    """The process's clock is off by seconds or an hour, forwards or back."""

    async def strike(self) -> str:
        seconds = self.random.choice((-3600.0, -30.0, -1.0, 1.0, 30.0, 3600.0))
        set_ahead(self._file, seconds)
        return f"{seconds:+.0f} s"

    async def heal(self) -> None:
        self._file.unlink(missing_ok=True)

    @property
    def _file(self) -> Path:
        return clock_file(self.arena.folder / "clocks", self.target)
