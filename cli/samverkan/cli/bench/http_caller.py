"""A caller over HTTP that costs next to nothing: on two cores a client library would be measured instead of intake."""

import asyncio
from collections.abc import Mapping

from samverkan.deploy.embedded.ports import HOST


class CallFailed(Exception):
    """The service answered otherwise than the bench expects; no figure of this run means anything."""


class Caller:
    """One connection that is kept; one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def connect(cls, port: int) -> "Caller":
        """To a service on this machine."""
        return cls(*await asyncio.open_connection(HOST, port))

    async def post(self, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
        """The answer's body. CallFailed: its status was not 2xx."""
        lines = [f"POST {path} HTTP/1.1", f"Host: {HOST}", "Content-Type: application/json"]
        lines += [f"Content-Length: {len(body)}", *(f"{name}: {text}" for name, text in headers.items())]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        _, _, rest = head.partition(b"content-length:")
        content = await self._reader.readexactly(int(rest.partition(b"\r\n")[0]))
        if head.split(b" ", 2)[1][:1] != b"2":
            raise CallFailed(f"{path}: {head.split(b' ', 2)[1].decode()} {content[:500].decode(errors='replace')}")
        return content

    def close(self) -> None:
        """Hang up."""
        self._writer.close()
