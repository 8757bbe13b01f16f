"""Sends the good lines to intake, a bounded number at once, and sorts what comes of each."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import httpx

from samverkan.cli.calls import Answer, client, send
from samverkan.cli.referrals.columns import Columns, referral
from samverkan.cli.referrals.idempotency import key_of
from samverkan.cli.referrals.table import Line
from samverkan.cli.rejects import Mistake

AT_ONCE: Final = 8  # more only wait for each other in intake's database (2 cores, 2026-11)


_NOT_THE_LINE: Final = frozenset({400, 401, 403, 404, 405, 415})  # all lines would get the same answer


class Outcome(StrEnum):
    """What came of a line."""

    OPENED = "opened"  # the person had no case
    ADDED = "added"  # the person's case has one more referral
    KNOWN = "known"  # it was there already, word for word
    REJECTED = "rejected"


@dataclass
class Imported:
    """What came of a list. `rejected` by line, in any order."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    rejected: list[tuple[Line, list[Mistake]]] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many lines something came of."""
        return sum(self.counts.values())


class Refusing(Exception):
    """Intake refuses every line for a reason that is in none of them. The message says what to do."""


class Importer:
    """One import. NoAnswer or Refusing ends it; what was done until then stands in `imported`."""

    def __init__(
        self, url: str, columns: Columns, *, agency: str, secret: bytes, progress: Callable[[], None] = lambda: None
    ) -> None:
        self._url = url
        self._columns = columns
        self._agency = agency
        self._secret = secret
        self._progress = progress
        self._persons: dict[str, asyncio.Lock] = {}
        self.imported = Imported()

    async def run(self, lines: Iterable[Line]) -> None:
        """Take in every line."""
        left = iter(lines)
        async with client(AT_ONCE) as http:
            workers = [asyncio.create_task(self._work(http, left)) for _ in range(AT_ONCE)]
            try:
                await asyncio.gather(*workers)
            finally:
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self, http: httpx.AsyncClient, left: Iterator[Line]) -> None:
        for line in left:
            body = referral(self._columns, line.cells, self._agency)
            if isinstance(body, list):
                self._reject(line, body)
            else:
                # One person's lines in their order: the first of them opens the case.
                async with self._persons.setdefault(body["person_number"], asyncio.Lock()):
                    await self._send(http, line, body)
            self._progress()

    async def _send(self, http: httpx.AsyncClient, line: Line, body: dict[str, Any]) -> None:
        headers = {
            "Samverkan-Agency": self._agency,
            "Idempotency-Key": key_of(self._secret, self._agency, body),
            "Accept-Language": "sv",
        }
        answer = await send(http, "POST", f"{self._url}/referrals", headers=headers, body=body)
        if answer.status >= 400:
            self._reject(line, [self._mistake(answer)])
        elif answer.body["repeated"] or not answer.body["events"]:
            self.imported.counts[Outcome.KNOWN] += 1
        else:
            self.imported.counts[Outcome.OPENED if answer.status == 201 else Outcome.ADDED] += 1

    def _mistake(self, answer: Answer) -> Mistake:
        """Intake's own words. Refusing: they are about us and not about the line."""
        code = answer.problem
        if code is None or answer.status in _NOT_THE_LINE or answer.status >= 500:
            raise Refusing(f"Intake answers {answer.status} {code or ''}: no line can be taken in.")
        reason = str(answer.body["detail"])
        fields = sorted({str(error["field"]).removeprefix("body.") for error in answer.body.get("errors", ())})
        titles = [self._columns.title(name) if name in self._columns.places else name for name in fields]
        return Mistake(code, reason + (f" Kolumner: {', '.join(titles)}." if titles else ""))

    def _reject(self, line: Line, mistakes: list[Mistake]) -> None:
        self.imported.counts[Outcome.REJECTED] += 1
        self.imported.rejected.append((line, mistakes))
