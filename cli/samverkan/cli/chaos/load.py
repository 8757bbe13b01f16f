"""The load: callers who refer persons and then carry one placement after the other from proposal to its end.

Only the test numbers of Skatteverket's published list exist here, so few persons are referred, and many callers meet on
their cases. A placement with support needs a case of its own: those are cases of nobody, opened before the storm.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from time import monotonic
from typing import Any, Final
from uuid import UUID

import httpx

from samverkan.cli.calls import client
from samverkan.cli.chaos.caller import Caller, Gone
from samverkan.cli.chaos.history import Command, History
from samverkan.cli.chaos.treasury import Treasury
from samverkan.intake.synthetic import PERSONNUMMER

_ALL: Final = ["identity", "contact", "employment", "health", "economy"]
_CONSENTS: Final[Mapping[str, list[str]]] = {
    "kommun": _ALL,
    "af": _ALL,
    "fk": ["identity", "contact", "economy"],
    "region": ["identity", "contact", "health"],
}
_WAITS_SECONDS: Final = 45.0  # for what another service must have heard: longer than any one fault lasts
_TREASURERS: Final = 3  # who bind the same budget at the same time
_PAUSE_SECONDS: Final = 0.25  # between two commands of a caller, at most
_SCORES: Final = ("structure-of-day", "health", "social-network", "skills-and-language", "readiness-to-work")


@dataclass
class Load:
    """`stop` lets every caller end with the command that it has sent; `give_up` ends them without."""

    urls: Mapping[str, str]
    history: History
    seed: int
    workers: int
    persons: int
    _stopping: bool = False
    _giving_up: bool = False
    cases: list[str] = field(default_factory=list)
    fresh: list[UUID] = field(default_factory=list)
    """Cases of nobody, each for one placement."""

    def stop(self) -> None:
        """No new commands."""
        self._stopping = True

    def give_up(self) -> None:
        """Nobody waits for answers any longer."""
        self._giving_up = True

    async def run(self) -> None:
        """Until it is stopped and every command is answered, or given up."""
        async with client(connections=4 * self.workers) as http:
            callers = [self._caller(http, number) for number in range(self.workers)]
            try:
                shares = (PERSONNUMMER[: self.persons][number :: self.workers] for number in range(self.workers))
                await asyncio.gather(
                    *(self._refer_all(caller, share) for caller, share in zip(callers, shares, strict=True))
                )
                treasury = Treasury("chaos", lambda: self._stopping)
                randoms = [Random(f"{self.seed}/{number}") for number in range(self.workers + _TREASURERS)]
                opened = "funding" in self.urls and await treasury.open(callers[0])
                await asyncio.gather(
                    *map(self._work, callers, randoms),
                    *(
                        treasury.commit(self._caller(http, self.workers + number), randoms[self.workers + number])
                        for number in range(_TREASURERS if opened else 0)
                    ),
                )
            except Gone:
                return

    def _caller(self, http: httpx.AsyncClient, number: int) -> Caller:
        return Caller(http, self.urls, self.history, f"chaos-{self.seed}-{number}", lambda: self._giving_up)

    async def _refer_all(self, caller: Caller, persons: tuple[str, ...]) -> None:
        for person in persons:
            if not self._stopping:
                await self._refer(caller, person)

    async def _refer(self, caller: Caller, person: str) -> None:
        referred = await caller.give(
            "intake",
            "/referrals",
            {
                "person_number": person,
                "name": "Testperson",
                "programme": "introduktionsjobb",
                "referred_by": "kommun",
                "agencies_needed": ["kommun", "af", "fk", "region"],
                "received_on": "2026-02-02",
                "contact": {"language": "sv", "needs_interpreter": False},
                "reason": "Behöver stöd av flera.",
            },
            agency="kommun",
            actor="kommun-handlaggare-1",
        )
        if referred.stream_id is not None and await self._prepare(caller, str(referred.stream_id)):
            self.cases.append(str(referred.stream_id))

    async def _prepare(self, caller: Caller, case: str) -> bool:
        """Consents, assessment, enrolment; whether the last was acknowledged."""
        for agency, compartments in _CONSENTS.items():
            consent = {
                "agency": agency,
                "purpose": "shared-case",
                "compartments": compartments,
                "given_on": "2026-02-04",
            }
            await caller.give(
                "intake", f"/cases/{case}/consents", consent, agency="kommun", actor="kommun-handlaggare-1"
            )
        assessment = {"assessed_on": "2026-02-06", "scores": dict.fromkeys(_SCORES, 3)}
        await caller.give(
            "intake", f"/cases/{case}/assessments", assessment, agency="kommun", actor="kommun-handlaggare-1"
        )
        enrolment = {"programme": "introduktionsjobb", "enrolled_on": "2026-02-09", "in_job_programme": True}
        enrolled = await caller.give(
            "intake", f"/cases/{case}/enrolment", enrolment, agency="kommun", actor="kommun-handlaggare-1"
        )
        return enrolled.outcome == "acknowledged"

    async def _work(self, caller: Caller, random: Random) -> None:
        number = 0
        while not self._stopping and self.cases:
            number += 1
            began = monotonic()
            try:
                fresh = str(self.fresh.pop()) if self.fresh else None
                if fresh is not None and not await self._prepare(caller, fresh):
                    continue
                await _Placement(self, caller, random, fresh or random.choice(self.cases)).live(number)
            except _Ended:
                await asyncio.sleep(max(0.0, 1.0 - (monotonic() - began)))  # refused at once: no faster than this

    @property
    def stopping(self) -> bool:
        """Whether no new command shall be given."""
        return self._stopping


class _Ended(Exception):
    """This placement goes no further: refused, or the load is stopped."""


_KOMMUN: Final[Mapping[str, str]] = {"agency": "kommun", "actor": "kommun-handlaggare-1"}
_AF: Final[Mapping[str, str]] = {"agency": "af", "actor": "af-handlaggare-1"}
_AF_2: Final[Mapping[str, str]] = {"agency": "af", "actor": "af-handlaggare-2"}


@dataclass
class _Placement:
    """One placement's life, a command after the other."""

    load: Load
    caller: Caller
    random: Random
    case: str

    async def live(self, number: int) -> None:
        """From the case's next assessment over the placement to its end. _Ended: earlier."""
        placement = await self._propose()
        await self._assess(number)
        at = f"/placements/{placement}"
        opinion = {"opinion": "yes", "asked_on": "2026-02-09", "consulted_on": "2026-02-12"}
        await self._give("placement", f"{at}/union-opinion", opinion, _AF)
        for party in self.random.sample(["participant", "employer", "kommun", "af"], 4):
            who = _AF if party == "af" else _KOMMUN
            await self._give("placement", f"{at}/approvals", {"party": party, "approved_on": "2026-02-13"}, who)
        compensation = await self._decide(placement)
        await self._give("placement", f"{at}/start", {"starts_on": "2026-03-02"}, _KOMMUN, waits=True)
        for month in (3, 4, 5)[: self.random.randint(1, 3)]:
            await self._claim(compensation, date(2026, month, 1))
        end = {"last_day_on": "2026-06-30", "outcome": self.random.choice(["job", "study", "other"])}
        await self._give("placement", f"{at}/end", end, _KOMMUN)

    async def _propose(self) -> str:
        proposed = await self._give(
            "placement",
            "/placements",
            {
                "case_id": self.case,
                "form": "introduktionsjobb",
                "starts_on": "2026-03-02",
                "ends_on": "2027-02-28",
                "extent": self.random.choice(["1", "0.75", "0.5"]),
                "parties": ["participant", "employer", "kommun", "af"],
                "workplace": {
                    "employer_number": "212000-2395",
                    "employer_name": "Timrå kommun",
                    "workplace": "Ledsagarservice",
                    "supervisor": "Arbetsledare",
                },
                "terms": {"gross_per_month": "24000.00", "birth_year": 1988},
            },
            _KOMMUN,
            waits=True,  # for the enrolment to reach placement
        )
        return str(proposed.stream_id)

    async def _assess(self, number: int) -> None:
        scores = {name: self.random.randint(1, 5) for name in _SCORES}
        body = {"assessed_on": f"2026-0{1 + number % 9}-1{self.random.randint(0, 9)}", "scores": scores}
        await self._give("intake", f"/cases/{self.case}/assessments", body, _KOMMUN, may_be_refused=True)

    async def _decide(self, placement: str) -> str:
        apply = {"placement_id": placement, "applied_on": "2026-02-16"}
        applied = await self._give("funding", "/compensations", apply, _KOMMUN, waits=True)
        at = f"/compensations/{applied.stream_id}"
        await self._give("funding", f"{at}/check", {"checked_on": "2026-02-18"}, _AF)
        await self._give("funding", f"{at}/approve", {"decided_on": "2026-02-20"}, _AF_2)
        return at

    async def _claim(self, compensation: str, month: date) -> None:
        received = month.replace(month=month.month + 1, day=8)
        claim = {"work_month": month.isoformat(), "gross_paid": "24000.00", "received_on": received.isoformat()}
        await self._give("funding", f"{compensation}/claims", claim, _KOMMUN, waits=True)
        credited = {"credited_on": received.replace(month=received.month + 1, day=12).isoformat()}
        await self._give("funding", f"{compensation}/claims/{month.isoformat()}/credit", credited, _AF)

    async def _give(
        self,
        service: str,
        path: str,
        body: Any,
        who: Mapping[str, str],
        *,
        waits: bool = False,
        may_be_refused: bool = False,
    ) -> Command:
        if self.load.stopping:
            raise _Ended
        await asyncio.sleep(self.random.random() * _PAUSE_SECONDS)
        command = await self.caller.give(
            service,
            path,
            body,
            agency=who["agency"],
            actor=who["actor"],
            waits_seconds=_WAITS_SECONDS if waits else 0.0,
        )
        if command.outcome != "acknowledged" and not may_be_refused:
            raise _Ended
        return command
