"""A caller that does not give up: the same request with the same key until it is acknowledged or refused."""

import asyncio
from collections.abc import Callable, Mapping
from time import time
from typing import Any, Final

import httpx

from samverkan.cli.calls import Answer, NoAnswer, send
from samverkan.cli.chaos.history import Command, History, of_answer

_ROUND_SECONDS: Final = 30.0
_FAILURES: Final = 5  # answers 500 in a row before it is left to the checker
_AGAIN_SECONDS: Final = 0.2


class Gone(Exception):
    """There is no more time: the caller ends."""


class Caller:
    """One of those who give commands. `urls` are those of the links."""

    def __init__(
        self, http: httpx.AsyncClient, urls: Mapping[str, str], history: History, name: str, gone: Callable[[], bool]
    ) -> None:
        self._http = http
        self._urls = urls
        self._history = history
        self._name = name
        self._gone = gone
        self._number = 0

    async def give(
        self, service: str, path: str, body: Any, *, agency: str, actor: str, waits_seconds: float = 0.0
    ) -> Command:
        """Give one command; its last answer. With `waits_seconds` a refusal is asked again so long: what it rests on
        may be on its way. A refusal keeps nothing under the key. Gone: no answer came while there was time."""
        self._number += 1
        key = f"{self._name}/{self._number}"
        headers = {"Idempotency-Key": key, "Samverkan-Agency": agency, "Samverkan-Actor": actor}
        began_at, attempts, failures = time(), 0, 0
        while True:
            answer = await self._send(service, path, headers, body)
            attempts += 1 if answer is None else answer.attempts
            if answer is None:
                if not self._gone():
                    continue
                self._history.note(Command(service, path, agency, key, began_at, time(), attempts, "unanswered"))
                raise Gone
            if answer.status >= 500 and (failures := failures + 1) < _FAILURES:
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            if 400 <= answer.status < 500 and time() - began_at < waits_seconds and not self._gone():
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            return self._note(answer, service, path, agency, key, began_at, attempts)

    async def _send(self, service: str, path: str, headers: Mapping[str, str], body: Any) -> Answer | None:
        try:
            return await send(
                self._http,
                "POST",
                self._urls[service] + path,
                headers=headers,
                body=body,
                deadline_seconds=_ROUND_SECONDS,
            )
        except NoAnswer:
            return None

    def _note(
        self, answer: Answer, service: str, path: str, agency: str, key: str, began_at: float, attempts: int
    ) -> Command:
        stream_id, version, events = of_answer(answer.body)
        acknowledged = answer.status < 300 and stream_id is not None
        command = Command(
            service,
            path,
            agency,
            key,
            began_at,
            time(),
            attempts,
            "acknowledged" if acknowledged else "refused" if 400 <= answer.status < 500 else "failed",
            answer.status,
            answer.problem,
            stream_id,
            version,
            tuple(events),
        )
        self._history.note(command)
        return command
