"""The papers of a compensation over HTTP: the letter of each decision on it, and fetching what was made."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi import Query as QueryParameter

from samverkan.backbone.calendar import first_of_month
from samverkan.backbone.errors import Refused
from samverkan.backbone.http.body import Day
from samverkan.backbone.http.call import Command, CommandCall
from samverkan.backbone.papers.desk import Desk, MadePaper
from samverkan.backbone.papers.paper import Asked
from samverkan.backbone.papers.template import Templates
from samverkan.funding.change_letters import amendment_letter, review_letter, revocation_letter
from samverkan.funding.compensation_view import Compensations
from samverkan.funding.conditions.conditions import Conditions
from samverkan.funding.decision_history import DecisionHistories, Told, history_key, told
from samverkan.funding.decision_paper import COMPENSATION_PAPER, CompensationPapers, decision_paper
from samverkan.funding.decision_parties import DecisionEmployers, DecisionPersons
from samverkan.funding.letter_parts import Whom
from samverkan.funding.recovery_letters import recovery_letter, waiver_letter
from samverkan.funding.rules.rulebook import Rulebook

_Letter = Callable[[Whom, Sequence[Told]], Asked]
DecidedOn = Annotated[
    Day | None, QueryParameter(description="Of several such decisions that of this day; else the latest.")
]


def paper_routes(rules: Rulebook, conditions: Conditions, templates: Templates) -> APIRouter:
    """Making and fetching the papers of a compensation."""
    desk = Desk(COMPENSATION_PAPER, CompensationPapers, templates)
    router = APIRouter(tags=["papers"])

    async def made(call: CommandCall, compensation_id: UUID, letter: _Letter, month: date | None = None) -> MadePaper:
        row = await call.queries.get(Compensations, compensation_id)
        if row is None:
            raise Refused("not-applied")
        employer = await call.queries.get(DecisionEmployers, row.placement_id)
        person = await call.queries.get(DecisionPersons, row.case_id)
        history = await call.queries.get(DecisionHistories, history_key(compensation_id, month))
        return await desk.make(call, letter(Whom(row, employer, person), told(history)))

    @router.post("/compensations/{compensation_id}/papers/decision")
    async def decision(compensation_id: UUID, call: Command) -> MadePaper:
        """Make the decision that the employer is given, with how to have it reviewed."""
        return await made(call, compensation_id, partial(decision_paper, conditions, rules))

    @router.post("/compensations/{compensation_id}/papers/amendment")
    async def amendment(compensation_id: UUID, call: Command, decided_on: DecidedOn = None) -> MadePaper:
        """Make the letter of an amended decision: what held before, and what holds now."""
        return await made(call, compensation_id, partial(amendment_letter, conditions, on=decided_on))

    @router.post("/compensations/{compensation_id}/papers/revocation")
    async def revocation(compensation_id: UUID, call: Command, decided_on: DecidedOn = None) -> MadePaper:
        """Make the letter of a revocation: from when, and why."""
        return await made(call, compensation_id, partial(revocation_letter, conditions, on=decided_on))

    @router.post("/compensations/{compensation_id}/papers/review")
    async def review(compensation_id: UUID, call: Command, decided_on: DecidedOn = None) -> MadePaper:
        """Make the letter of what a review came to, and whether a court may try it."""
        return await made(call, compensation_id, partial(review_letter, conditions, on=decided_on))

    @router.post("/compensations/{compensation_id}/papers/recovery/{work_month}")
    async def recovery(
        compensation_id: UUID, work_month: Day, call: Command, decided_on: DecidedOn = None
    ) -> MadePaper:
        """Make the letter that asks back what a month gave too much: how much, why, and by when."""
        month = first_of_month(work_month)
        return await made(call, compensation_id, partial(recovery_letter, conditions, on=decided_on), month)

    @router.post("/compensations/{compensation_id}/papers/waiver/{work_month}")
    async def waiver(compensation_id: UUID, work_month: Day, call: Command, decided_on: DecidedOn = None) -> MadePaper:
        """Make the letter that says that what a month gave too much is never asked back."""
        month = first_of_month(work_month)
        return await made(call, compensation_id, partial(waiver_letter, conditions, on=decided_on), month)

    router.include_router(desk.routes())
    return router
