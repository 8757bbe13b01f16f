"""One client's way to one server, through this process: passed on, cut, stalled or slowed."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from samverkan.deploy.embedded.ports import HOST

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
_CHUNK: Final = 65_536


def to_port(port: int) -> Callable[[], Awaitable[Streams]]:
    """A server that listens on a port of this machine."""
    return lambda: asyncio.open_connection(HOST, port)


def to_socket(path: str) -> Callable[[], Awaitable[Streams]]:
    """A server that listens on a Unix socket."""
    return lambda: asyncio.open_unix_connection(path)


class Link:
    """Call its methods in the loop that serves it only."""

    def __init__(self, name: str, port: int, connect: Callable[[], Awaitable[Streams]]) -> None:
        self.name = name
        self.port = port
        self._connect = connect
        self._refusing = False
        self._delay_seconds = 0.0
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def listen(self) -> None:
        """Take connections from now on."""
        self._server = await asyncio.start_server(self._accept, HOST, self.port, backlog=256)

    def cut(self) -> None:
        """Reset every connection in whatever it was saying, and refuse new ones."""
        self._refusing = True
        for writer in list(self._open):
            writer.transport.abort()

    def stall(self) -> None:
        """Pass nothing on, and tell nobody: what is sent meanwhile arrives later."""
        self._flowing.clear()

    def slow(self, seconds: float) -> None:
        """Let every piece wait so long before it is passed on."""
        self._delay_seconds = seconds

    def mend(self) -> None:
        """As if nothing had been."""
        self._refusing = False
        self._delay_seconds = 0.0
        self._flowing.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refusing:
            writer.transport.abort()
            return
        try:
            other_reader, other_writer = await self._connect()
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, other_writer}
        self._open |= ends
        try:
            pumps = {
                asyncio.create_task(self._pump(reader, other_writer)),
                asyncio.create_task(self._pump(other_reader, writer)),
            }
            _, running = await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in running:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
        finally:
            self._open -= ends
            for end in ends:
                end.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(_CHUNK):
                await self._flowing.wait()
                if self._delay_seconds:
                    await asyncio.sleep(self._delay_seconds)
                writer.write(data)
                await writer.drain()
