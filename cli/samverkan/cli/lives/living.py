"""One life, a command after the other, as the agencies' systems give them: over HTTP, each with a key of its own."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from time import monotonic
from typing import Any, Final
from uuid import uuid5

import httpx

from samverkan.cli.calls import NoAnswer, send
from samverkan.cli.lives.life import Claimed, Life
from samverkan.cli.lives.referring import Referring

_WAITS_SECONDS: Final = 300.0  # what another service must have heard may stand behind thousands of others' events
_AGAIN_SECONDS: Final = 0.5  # every question is a whole command to the service that refuses it
_FINAL: Final = frozenset({400, 403, 422, 500})  # asking again would not change it
_SCORES: Final = ("structure-of-day", "health", "social-network", "skills-and-language")
_ALL: Final = ("identity", "contact", "employment", "health", "economy")
_CONSENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "kommun": _ALL,
    "af": _ALL,
    "fk": ("identity", "contact", "economy"),
    "region": ("identity", "contact", "health"),
}


class WentWrong(Exception):
    """A command was not answered as it must be: which, and how."""


@dataclass
class Count:
    """What has been done so far by everybody."""

    commands: int = 0
    events: int = 0
    ended: int = 0
    waiting: str = ""  # what somebody waited for last
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Living:
    """Lives lives, one at a time. `urls`: by service."""

    http: httpx.AsyncClient
    urls: Mapping[str, str]
    referring: Referring
    count: Count

    async def live(self, life: Life) -> None:
        """From the referral to the end; each krona that came is compared. WentWrong: it did not go as planned."""
        await self.referring.refer(life.case_id)
        await self._prepare(life)
        placement = await self._place(life)
        compensation = await self._decide(life, placement)
        if life.granted:
            await self._work(life, placement, compensation)
        await self._exit(life)
        self.count.ended += 1

    async def _prepare(self, life: Life) -> None:
        case = f"/cases/{life.case_id}"
        for agency, compartments in _CONSENTS.items():
            consent = {"agency": agency, "purpose": "shared-case", "compartments": compartments}
            await self._give(life, f"intake {case}/consents", consent | {"given_on": "2026-02-04"})
        await self._assess(life, "2026-02-06", life.readiness[0])
        enrolment = {"programme": "introduktionsjobb", "enrolled_on": "2026-02-09", "in_job_programme": True}
        await self._give(life, f"intake {case}/enrolment", enrolment)
        await self._follow_up(life, "entry", "2026-02-09", {"financial-aid": 100})
        await self._plan(life)

    async def _plan(self, life: Life) -> None:
        case = f"/cases/{life.case_id}"
        activity = {"responsible": "kommun", "due_on": "2026-02-27", "words": {"work": ["Besöka arbetsplatsen"]}}
        plan = {
            "written_on": "2026-02-10",
            "goals": {"work": ["Prova ledsagning som yrke"]},
            "activities": [activity],
            "parties": ["participant", "kommun", "af"],
        }
        await self._give(life, f"intake {case}/plan", plan)
        for party, by in (("participant", "kommun-1"), ("kommun", "kommun-1"), ("af", "af-1")):
            signature = {"party": party, "revision": 1, "signed_on": "2026-02-11"}
            await self._give(life, f"intake {case}/plan/signatures", signature, by=by)

    async def _exit(self, life: Life) -> None:
        case = f"/cases/{life.case_id}"
        await self._give(life, f"intake {case}/closing", {"begun_on": "2026-07-01", "planned_on": "2026-07-31"})
        livelihood = {"no-public-support": 100} if life.outcome == "job" else {"student-aid": 60, "financial-aid": 40}
        await self._follow_up(life, "exit", "2026-07-31", livelihood)
        cause = {"job": "work", "study": "study", "other": "other"}[life.outcome]
        await self._give(life, f"intake {case}/exit", {"exited_on": "2026-07-31", "cause": cause})
        await self._follow_up(life, "six-months", "2027-02-01", livelihood)

    async def _follow_up(self, life: Life, moment: str, on: str, livelihood: Mapping[str, int]) -> None:
        body = {"moment": moment, "recorded_on": on, "occupations": {"other": 100}, "livelihood": livelihood}
        await self._give(life, f"intake /cases/{life.case_id}/follow-ups", body)

    async def _assess(self, life: Life, on: str, readiness: int) -> None:
        scores = dict.fromkeys(_SCORES, 3) | {"readiness-to-work": readiness}
        await self._give(life, f"intake /cases/{life.case_id}/assessments", {"assessed_on": on, "scores": scores})

    async def _place(self, life: Life) -> str:
        proposal = {
            "case_id": str(life.case_id),
            "form": "introduktionsjobb",
            "starts_on": "2026-03-02",
            "ends_on": "2027-02-28",
            "extent": str(life.extent),
            "parties": ["participant", "employer", "kommun", "af"],
            "workplace": {
                "employer_number": "212000-2395",
                "employer_name": "Timrå kommun",
                "workplace": "Ledsagarservice",
                "supervisor": "Arbetsledare",
            },
            "terms": {"gross_per_month": str(life.gross), "birth_year": 1988},
        }
        placement = await self._give(life, "placement /placements", proposal)
        opinion = {"opinion": "yes", "asked_on": "2026-02-09", "consulted_on": "2026-02-12"}
        await self._give(life, f"placement /placements/{placement}/union-opinion", opinion, by="af-1")
        for party in ("participant", "employer", "kommun", "af"):
            approval = {"party": party, "approved_on": "2026-02-13"}
            by = "af-1" if party == "af" else "kommun-1"
            await self._give(life, f"placement /placements/{placement}/approvals", approval, by=by)
        return placement

    async def _decide(self, life: Life, placement: str) -> str:
        compensation = await self._give(
            life, "funding /compensations", {"placement_id": placement, "applied_on": "2026-02-16"}
        )
        at = f"funding /compensations/{compensation}"
        await self._give(life, f"{at}/check", {"checked_on": "2026-02-18"}, by="af-1")
        if life.granted:
            await self._give(life, f"{at}/approve", {"decided_on": "2026-02-20"}, by="af-2")
        else:
            refusal = {"decided_on": "2026-02-20", "ground": "employer-not-eligible"}
            await self._give(life, f"{at}/refuse", refusal, by="af-2")
        return at

    async def _work(self, life: Life, placement: str, compensation: str) -> None:
        await self._give(life, f"placement /placements/{placement}/start", {"starts_on": "2026-03-02"})
        for claimed in life.months:
            await self._claim(life, compensation, claimed)
        await self._assess(life, "2026-06-04", life.readiness[1])
        end = {"last_day_on": "2026-06-30", "outcome": life.outcome}
        await self._give(life, f"placement /placements/{placement}/end", end)
        await self._compare(life, compensation)
        if life.really_paid is not None:
            await self._take_back(life, compensation, life.really_paid)

    async def _take_back(self, life: Life, compensation: str, really_paid: Decimal) -> None:
        at = f"{compensation}/claims/{life.months[0].month}"
        correction = {"prepared_on": "2027-02-02", "gross_paid": str(really_paid), "cause": "return-corrected"}
        await self._give(life, f"{at}/correction", correction, by="af-1")
        await self._give(life, f"{at}/correction/attest", {"decided_on": "2027-02-03"}, by="af-2")
        await self._give(life, f"{at}/hearing", {"sent_on": "2027-02-04", "answer_by": "2027-02-18"}, by="af-1")
        answer = {"answered_on": "2027-02-10", "agrees": True, "remarks": "Det stämmer."}
        await self._give(life, f"{at}/hearing/answer", answer)
        recovery = {"prepared_on": "2027-02-19", "fault": "caused"}
        await self._give(life, f"{at}/recovery", recovery, by="af-1")
        await self._give(life, f"{at}/recovery/attest", {"decided_on": "2027-02-20"}, by="af-2")
        repayment = {"amount": str(life.overpaid), "paid_on": "2027-02-25", "reference": f"life-{life.number}"}
        await self._give(life, f"{at}/repayments", repayment, by="af-1")

    async def _claim(self, life: Life, compensation: str, claimed: Claimed) -> None:
        month, gross = claimed.month.isoformat(), str(life.gross)
        claim = {"work_month": month, "gross_paid": gross, "received_on": claimed.received_on.isoformat()}
        await self._give(life, f"{compensation}/claims", claim)
        if not claimed.late:
            credited_on = claimed.received_on.replace(month=claimed.received_on.month + 1, day=10).isoformat()
            await self._give(life, f"{compensation}/claims/{month}/credit", {"credited_on": credited_on}, by="af-1")

    async def _compare(self, life: Life, compensation: str) -> None:
        """Funding's months beside those of the plan."""
        service, path = f"{compensation}/claims".split(" ")
        answer = await send(self.http, "GET", self.urls[service] + path)
        paid = [Decimal(one["credit"]) for one in answer.body if one["state"] == "credited"]
        if sum(paid, Decimal(0)) != life.credited or any(credit != life.credit for credit in paid):
            raise WentWrong(f"life {life.number}: credited {paid}, not {life.credit} each and {life.credited} in all")

    async def _give(self, life: Life, what: str, body: Any, *, by: str = "kommun-1") -> str:
        """The id of the stream. A refusal is asked again for a while: what it rests on may be on its way."""
        service, path = what.split(" ")
        self.count.commands += 1
        headers = {
            "Idempotency-Key": str(uuid5(life.case_id, f"{path} {json.dumps(body)}")),
            "Samverkan-Agency": by.partition("-")[0],
            "Samverkan-Actor": by,
        }
        until = monotonic() + _WAITS_SECONDS
        while True:
            try:
                answer = await send(
                    self.http,
                    "POST",
                    self.urls[service] + path,
                    headers=headers,
                    body=body,
                    deadline_seconds=_WAITS_SECONDS,
                )
            except NoAnswer as none:
                raise WentWrong(f"life {life.number}: {service} {path}: {none}") from none
            if answer.status < 300:
                self.count.events += len(answer.body["events"])
                return str(answer.body["stream_id"])
            if monotonic() > until or answer.status in _FINAL:
                raise WentWrong(f"life {life.number}: {service} {path} answered {answer.status} {answer.problem}")
            self.count.waiting = f"{service} says {answer.problem}"
            await asyncio.sleep(_AGAIN_SECONDS)
