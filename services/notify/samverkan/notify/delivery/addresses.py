"""Connections to addresses that somebody else wrote down: to public ones only, checked where the connection is made.

A name is resolved once and the connection goes to the very address that was checked, so that a name server that
answers differently the second time gains nothing (SSRF, DNS rebinding).
"""

import socket
from collections.abc import Iterable
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any, Final

import anyio
import httpcore

_NAT64: Final = IPv6Network("64:ff9b::/96")  # an IPv4 address in IPv6 clothes (RFC 6052)


class AddressRefused(httpcore.ConnectError):
    """The host has no address that may be connected to."""


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects as httpcore does, but never to a private, local or reserved address unless `allow_private`."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """AddressRefused, or httpcore's own errors."""
        try:
            with anyio.fail_after(timeout):
                found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            raise httpcore.ConnectError("the name has no address") from None
        except TimeoutError:
            raise httpcore.ConnectTimeout("the name was not resolved in time") from None
        addresses = [str(address[0]) for *_, address in found]
        if not self._allow_private and not all(map(is_public, addresses)):
            raise AddressRefused("address not public")
        return await self._backend.connect_tcp(addresses[0], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        """httpcore's interface."""
        await self._backend.sleep(seconds)


def is_public(address: str) -> bool:
    """Whether anybody on the internet could mean it: not this machine, not our network, not a cloud's metadata."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if found in _NAT64:
            return is_public(str(ip_address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast
