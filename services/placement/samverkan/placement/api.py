"""Placement over HTTP until the start: union, approvals, start; and reading. A command is a call of one line."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter

from samverkan.backbone.http.call import LIMIT_MAX, Accepted, Command, CommandCall, Page, Query
from samverkan.placement.agreement.agreement import AGREEMENT
from samverkan.placement.agreement.approval import ApprovePlacement
from samverkan.placement.agreement.consultation import AskUnion, RecordUnionOpinion
from samverkan.placement.agreement.proposal import CancelPlacement
from samverkan.placement.agreement.start import StartPlacement
from samverkan.placement.bodies import (
    ApprovalBody,
    CancellationBody,
    StartBody,
    UnionOpinionBody,
    UnionQuestionBody,
)
from samverkan.placement.protection import withheld_for
from samverkan.placement.views.participants import ParticipantSharing, SharingRow
from samverkan.placement.views.placements import PlacementRow, Placements


@dataclass(frozen=True)
class PlacementSummary:
    """A placement in a list: nothing that tells of a person."""

    placement_id: UUID
    case_id: UUID | None
    version: int
    revision: int
    state: str
    form: str | None
    starts_on: date | None
    ends_on: date | None
    extent: Decimal | None
    parties: Sequence[str]
    approved_by: Sequence[str]
    reply_by: date | None
    consulted_on: date | None
    agreed_on: date | None
    granted: bool | None
    decided_on: date | None
    started_on: date | None
    interrupted_from: date | None
    resumed_on: date | None
    change_revision: int | None
    last_day_on: date | None
    outcome: str | None
    follows: UUID | None
    step: int
    certificate_on: date | None


@dataclass(frozen=True)
class Progression:
    """A participant's way through placements. `steps` is the length of the longest chain, `started` how many began."""

    case_id: UUID
    steps: int
    started: int
    placements: Sequence[PlacementSummary]


router = APIRouter(tags=["placement"])


@router.post("/placements/{placement_id}/cancellation")
async def cancel(placement_id: UUID, body: CancellationBody, call: Command) -> Accepted:
    """Give up a placement that has not begun."""
    return await call.execute(AGREEMENT, placement_id, CancelPlacement(**dict(body)))


@router.post("/placements/{placement_id}/union-question")
async def ask_union(placement_id: UUID, body: UnionQuestionBody, call: Command) -> Accepted:
    """Record that AF asked the union, and by when its opinion must come (SFS 2000:628 §9a)."""
    return await call.execute(AGREEMENT, placement_id, AskUnion(**dict(body)))


@router.post("/placements/{placement_id}/union-opinion")
async def record_union_opinion(placement_id: UUID, body: UnionOpinionBody, call: Command) -> Accepted:
    """Record the union's opinion, or that AF's reply date passed without one (SFS 2000:628 §9a)."""
    return await call.execute(AGREEMENT, placement_id, RecordUnionOpinion(**dict(body)))


@router.post("/placements/{placement_id}/approvals")
async def approve(placement_id: UUID, body: ApprovalBody, call: Command) -> Accepted:
    """Approve as one party what is proposed now; the last approval makes it agreed, or a change take effect."""
    command = ApprovePlacement(**dict(body), agency=call.agency, withheld=await withheld_for(call, placement_id))
    return await call.execute(AGREEMENT, placement_id, command)


@router.post("/placements/{placement_id}/start")
async def start(placement_id: UUID, body: StartBody, call: Command) -> Accepted:
    """Start, if agreement, consultation and decision are there and lie before the day."""
    command = StartPlacement(body.starts_on, await _previous_ends_on(call, placement_id))
    return await call.execute(AGREEMENT, placement_id, command)


@router.get("/placements")
async def placements(call: Query, page: Page, case_id: UUID | None = None) -> list[PlacementSummary]:
    """The placements by ascending id, of one case if it is given; the next page begins `after` the last one."""
    rows = await call.many(Placements, page, **({} if case_id is None else {"case_id": case_id}))
    return [summary(row) for row in rows]


@router.get("/placements/{placement_id}")
async def placement(placement_id: UUID, call: Query) -> PlacementRow:
    """One placement with everything that placement holds of it."""
    return await call.one(Placements, placement_id)


@router.get("/cases/{case_id}/sharing")
async def sharing(case_id: UUID, call: Query) -> SharingRow:
    """What the participant agrees to share now, and whether a workplace may be published at all."""
    return await call.one(ParticipantSharing, case_id)


@router.get("/cases/{case_id}/progression")
async def progression(case_id: UUID, call: Query) -> Progression:
    """The participant's placements in the order in which they follow each other."""
    rows = await call.queries.select(Placements, limit=LIMIT_MAX, case_id=case_id)
    ordered = sorted(rows, key=lambda row: (row.started_on or row.starts_on or date.max, row.step))
    return Progression(
        case_id=case_id,
        steps=max((row.step for row in rows), default=0),
        started=sum(row.started_on is not None for row in rows),
        placements=[summary(row) for row in ordered],
    )


def summary(row: PlacementRow) -> PlacementSummary:
    """The row without what tells of a person."""
    return PlacementSummary(**{field.name: getattr(row, field.name) for field in fields(PlacementSummary)})


async def _previous_ends_on(call: CommandCall, placement_id: UUID) -> date | None:
    row = await call.queries.get(Placements, placement_id)
    if row is None or row.follows is None:
        return None
    before = await call.queries.get(Placements, row.follows)
    return None if before is None else before.last_day_on or before.ends_on
