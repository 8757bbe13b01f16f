"""What faults act on: the processes, the links and the brokers of one system."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import psutil

from samverkan.cli.chaos.ground import ClusterGround, Kept
from samverkan.cli.chaos.size import Size
from samverkan.cli.up.children import Children
from samverkan.cli.up.plan import ServiceProcess
from samverkan.cli.up.run import Run
from samverkan.cli.up.supervisor import Supervisor

T = TypeVar("T")

_LOOK_SECONDS = 0.05
_GONE_SECONDS = 60.0  # of a laden machine


@dataclass(frozen=True)
class Forgery:
    """A record that chaos put where another one stands."""

    topic: str
    partition: int
    offset: int
    stream_id: UUID
    version: int


@dataclass
class Causes:
    """What chaos did to the topics: what the stores must have noticed, and may show."""

    poisoned: set[tuple[str, int, int]] = field(default_factory=set)
    forged: list[Forgery] = field(default_factory=list)


@dataclass
class Arena:
    """One system under chaos, from the thread of the load and the faults."""

    size: Size
    ground: ClusterGround
    supervisor: Supervisor
    folder: Path
    causes: Causes = field(default_factory=Causes)

    @property
    def run(self) -> Run:
        """What runs now."""
        return self.supervisor.run

    def service(self, name: str) -> ServiceProcess:
        """As the plan has it. KeyError."""
        return {service.name: service for service in self.supervisor.plan.services}[name]

    async def ask(self, action: Callable[[Children], T]) -> T:
        """Do this to the services, where they may be started."""
        return await asyncio.wrap_future(self.supervisor.ask(action))

    async def keep_down(self, name: str) -> None:
        """Whatever it is, it is not started again when it ends."""
        if (server := self.ground.kept.get(name)) is not None:
            server.wanted = False
        else:
            await self.ask(lambda children: children.keep_down(name))

    async def bring_up(self, name: str, env: Mapping[str, str] | None = None) -> None:
        """Start it again; returns at once."""
        if (server := self.ground.kept.get(name)) is not None:
            server.again_at = 0.0
            server.wanted = True
        else:
            await self.ask(lambda children: children.bring_up(name, env))

    async def gone(self, name: str) -> None:
        """Return when its process has ended. TimeoutError: it has not, though it was killed."""
        async with asyncio.timeout(_GONE_SECONDS):
            while not await self._has_ended(name):  # noqa: ASYNC110 - it is another thread's to say
                await asyncio.sleep(_LOOK_SECONDS)

    def tree(self, name: str) -> list[psutil.Process]:
        """Its process and all below, which for PostgreSQL is a server; empty if it does not run."""
        found = self.run.all_processes()[name].find()
        if found is None:
            return []
        try:
            return [found, *found.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    async def add_replica(self, name: str) -> str:
        """A second process of a service, in the same group, on the same store; its name."""
        service = self.service(name)
        replica = f"{name}#2"

        def add(children: Children) -> None:
            child = self.supervisor.child(service, "", self.ground.ports.take(), instance="second")
            children.add(replace(child, name=replica, log=child.log.with_name(f"{replica}.log")))

        await self.ask(add)
        return replica

    async def _has_ended(self, name: str) -> bool:
        server: Kept | None = self.ground.kept.get(name)
        if server is not None:
            return server.server.ended() is not None
        return await self.ask(lambda children: children[name].pid is None)
