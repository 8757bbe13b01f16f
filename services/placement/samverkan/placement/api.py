"""Placement over HTTP. A command becomes a call of one line."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StrictInt, StringConstraints

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.body import Body, Code, Day, Extent, Kronor
from samverkan.backbone.http.call import Accepted, Command, Page, Query
from samverkan.backbone.http.fields import Line, Passage
from samverkan.placement.agreement import (
    AGREEMENT,
    ApprovePlacement,
    EndPlacement,
    ProposePlacement,
    RecordUnionOpinion,
    StartPlacement,
)
from samverkan.placement.views import EnrolledParticipants, PlacementRow, Placements
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.envelope import Requirement
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import Outcome, Terms, UnionOpinion, Workplace

PARTIES_MAX, TASKS_MAX = 10, 50


class WorkplaceBody(Body):
    """Where and what the participant works. `employer_number`: organisationsnummer, with or without a hyphen."""

    employer_number: Annotated[str, StringConstraints(min_length=1, max_length=11)]
    employer_name: Line
    workplace: Line
    supervisor: Line
    tasks: Annotated[list[Line], Field(max_length=TASKS_MAX)] = []


class TermsBody(Body):
    """Pay in kronor per month at the agreed extent; the birth year decides the employer contributions."""

    gross_per_month: Kronor
    birth_year: Annotated[StrictInt, Field(ge=1900, le=2199)]


class ProposalBody(Body):
    """A drafted agreement. `parties`: `participant`, `employer`, `af`, and other agencies by their code."""

    case_id: UUID
    form: Programme
    starts_on: Day
    ends_on: Day
    extent: Extent
    parties: Annotated[list[Code], Field(min_length=1, max_length=PARTIES_MAX)]
    workplace: WorkplaceBody
    terms: TermsBody | None = None


class UnionOpinionBody(Body):
    """The union's answer. `no-reply` needs `reply_by`, or `asked_on` from which ten days are counted."""

    opinion: UnionOpinion
    consulted_on: Day
    asked_on: Day | None = None
    reply_by: Day | None = None
    reason: Passage | None = None


class ApprovalBody(Body):
    """One party's approval of the agreement as proposed."""

    party: Code
    approved_on: Day


class StartBody(Body):
    """The first day at the workplace."""

    starts_on: Day


class EndBody(Body):
    """The last day at the workplace, and how it went on from there."""

    last_day_on: Day
    outcome: Outcome


@dataclass(frozen=True)
class PlacementSummary:
    """A placement in a list: nothing that tells of a person."""

    placement_id: UUID
    case_id: UUID | None
    version: int
    state: str
    form: str | None
    starts_on: date | None
    ends_on: date | None
    parties: Sequence[str]
    approved_by: Sequence[str]
    consulted_on: date | None
    agreed_on: date | None
    granted: bool | None
    decided_on: date | None
    started_on: date | None
    last_day_on: date | None
    outcome: str | None


router = APIRouter(tags=["placement"])


@router.post("/placements")
async def propose(body: ProposalBody, call: Command) -> Accepted:
    """Draft an agreement for an enrolled participant."""
    enrolled = await call.queries.get(EnrolledParticipants, body.case_id)
    if enrolled is None:
        raise Refused("participant-not-enrolled")
    command = ProposePlacement(
        case_id=body.case_id,
        form=body.form,
        starts_on=body.starts_on,
        ends_on=body.ends_on,
        extent=body.extent,
        parties=tuple(body.parties),
        workplace=Workplace(**{**dict(body.workplace), "tasks": tuple(body.workplace.tasks)}),
        terms=None if body.terms is None else Terms(**dict(body.terms)),
    )
    return await call.execute(
        AGREEMENT,
        call.new_id(),
        command,
        correlation_id=body.case_id,
        requires=[Requirement(PARTICIPANT.name, body.case_id, enrolled.version)],
        create=True,
    )


@router.post("/placements/{placement_id}/union-opinion")
async def record_union_opinion(placement_id: UUID, body: UnionOpinionBody, call: Command) -> Accepted:
    """Record the union's opinion, or that AF's reply date passed without one (SFS 2000:628 §9a)."""
    command = RecordUnionOpinion(**dict(body))
    return await call.execute(AGREEMENT, placement_id, command)


@router.post("/placements/{placement_id}/approvals")
async def approve(placement_id: UUID, body: ApprovalBody, call: Command) -> Accepted:
    """Approve the agreement as one of its parties; the last approval makes it agreed."""
    command = ApprovePlacement(body.party, body.approved_on)
    return await call.execute(AGREEMENT, placement_id, command)


@router.post("/placements/{placement_id}/start")
async def start(placement_id: UUID, body: StartBody, call: Command) -> Accepted:
    """Start, if agreement, consultation and decision are there and lie before the day."""
    command = StartPlacement(body.starts_on)
    return await call.execute(AGREEMENT, placement_id, command)


@router.post("/placements/{placement_id}/end")
async def end(placement_id: UUID, body: EndBody, call: Command) -> Accepted:
    """End, with the last day and the outcome."""
    command = EndPlacement(body.last_day_on, body.outcome)
    return await call.execute(AGREEMENT, placement_id, command)


@router.get("/placements")
async def placements(call: Query, page: Page, case_id: UUID | None = None) -> list[PlacementSummary]:
    """The placements by ascending id, of one case if it is given; the next page begins `after` the last one."""
    rows = await call.many(Placements, page, **({} if case_id is None else {"case_id": case_id}))
    names = [field.name for field in fields(PlacementSummary)]
    return [PlacementSummary(**{name: getattr(row, name) for name in names}) for row in rows]


@router.get("/placements/{placement_id}")
async def placement(placement_id: UUID, call: Query) -> PlacementRow:
    """One placement with everything that placement holds of it."""
    return await call.one(Placements, placement_id)
