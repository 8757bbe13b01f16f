"""Requests that survive a lost connection: the same request with the same Idempotency-Key, until it is answered.

A service answers 503 while its database or its own start is not there, and nothing at all while it is restarted. Both
leave it open whether the request was carried out, which is what the key is for.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from time import monotonic
from typing import Any, Final

import httpx

_AGAIN: Final = frozenset({502, 503, 504})
_FIRST_PAUSE_SECONDS: Final = 0.05
_LONGEST_PAUSE_SECONDS: Final = 1.0


class NoAnswer(Exception):
    """Nothing but failures until the deadline. Whether the request was carried out is not known; send it again."""


@dataclass(frozen=True)
class Answer:
    """What came back. `body` is None when there is no JSON in it. `attempts` counts the requests that it took."""

    status: int
    body: Any
    seconds: float
    attempts: int

    @property
    def problem(self) -> str | None:
        """The code of a refusal (RFC 9457)."""
        return self.body.get("code") if self.status >= 400 and isinstance(self.body, dict) else None


def client(connections: int = 10) -> httpx.AsyncClient:
    """A client for services on this machine: no proxy of the environment is asked."""
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    return httpx.AsyncClient(timeout=httpx.Timeout(10.0), limits=limits, trust_env=False)


async def send(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: Any = None,
    deadline_seconds: float = 60.0,
) -> Answer:
    """Send until there is an answer. NoAnswer: none came within the deadline."""
    began = monotonic()
    attempts = 0
    while True:
        attempts += 1
        try:
            response = await http.request(method, url, headers=dict(headers or {}), json=body)
        except httpx.TransportError as error:
            failure = type(error).__name__
        else:
            if response.status_code not in _AGAIN:
                return Answer(response.status_code, _json(response), monotonic() - began, attempts)
            failure = f"status {response.status_code}"
        if monotonic() - began > deadline_seconds:
            raise NoAnswer(f"no answer within {deadline_seconds:.0f} s, at last {failure}")
        await asyncio.sleep(min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2 ** min(attempts - 1, 10)))


def _json(response: httpx.Response) -> Any:
    """Numbers with a fraction become decimals, so that none passes through binary floating point here."""
    try:
        return json.loads(response.content, parse_float=Decimal)
    except (json.JSONDecodeError, UnicodeDecodeError):
        return None
