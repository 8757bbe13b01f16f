"""All links of a system, served by a thread of their own."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

import uvloop

from samverkan.cli.chaos.link import Link, Streams
from samverkan.cli.up.ports import SteadyPorts


class Links:
    """By name, `client>server`: intake>kafka.1, agency.af>postgres, caller>funding. Any thread."""

    def __init__(self, ports: SteadyPorts) -> None:
        self._ports = ports
        self._links: dict[str, Link] = {}
        self._loop = uvloop.new_event_loop()
        self._loop.set_exception_handler(lambda _loop, _context: None)  # resets are what it is for
        self._thread = threading.Thread(target=self._loop.run_forever, name="links", daemon=True)
        self._thread.start()

    @property
    def names(self) -> list[str]:
        """All of them, in the order in which they were laid."""
        return list(self._links)

    def lay(self, name: str, connect: Callable[[], Awaitable[Streams]]) -> int:
        """A link to what `connect` reaches; returns the port that it listens on."""

        async def listen() -> Link:
            link = Link(name, self._ports.take(), connect)
            await link.listen()
            return link

        self._links[name] = asyncio.run_coroutine_threadsafe(listen(), self._loop).result()
        return self._links[name].port

    def port(self, name: str) -> int:
        """Where the link's server is reached."""
        return self._links[name].port

    def cut(self, name: str) -> None:
        """See Link."""
        self._loop.call_soon_threadsafe(self._links[name].cut)

    def stall(self, name: str) -> None:
        """See Link."""
        self._loop.call_soon_threadsafe(self._links[name].stall)

    def slow(self, name: str, seconds: float) -> None:
        """See Link."""
        self._loop.call_soon_threadsafe(self._links[name].slow, seconds)

    def mend(self, name: str) -> None:
        """See Link."""
        self._loop.call_soon_threadsafe(self._links[name].mend)

    def stop(self) -> None:
        """Everything through them ends with them."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5.0)
