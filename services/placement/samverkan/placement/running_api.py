"""A running placement over HTTP: away and back, changes, reports with a receipt, the end and its correction."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, assert_never
from uuid import UUID, uuid5

from fastapi import APIRouter
from pydantic import BaseModel

from samverkan.backbone.http.call import LIMIT_MAX, Accepted, Command, Query
from samverkan.placement.agreement.agreement import AGREEMENT
from samverkan.placement.agreement.change import DropChange, ProposeChange
from samverkan.placement.agreement.end import CorrectEnd, EndPlacement, IssueCertificate
from samverkan.placement.agreement.interruption import InterruptPlacement, ResumePlacement
from samverkan.placement.agreement.report import AbsenceReport, EndReport, HoursReport, Report, ReportChange
from samverkan.placement.bodies import (
    AbsenceReportBody,
    CertificateBody,
    ChangeBody,
    DropBody,
    EndBody,
    EndReportBody,
    HoursReportBody,
    InterruptionBody,
    ReportBody,
    ResumptionBody,
)
from samverkan.placement.protection import withheld_for
from samverkan.placement.understood import understood
from samverkan.placement.views.changes import ChangeReports, ChangeRow, PlacementChanges, ReportRow
from samverkan.placement.views.placements import Placements

router = APIRouter(tags=["placement"])

_RECEIPTS: Final = UUID("0b1f6f0e-5c0a-5a57-8a0d-51f0a4d7c2e9")  # of ids derived from what is reported; never changes


class Receipt(BaseModel):
    """What an employer has in hand: the id, when it came, and what was understood, in both languages."""

    receipt_id: UUID
    placement_id: UUID
    received_at: datetime
    kind: str
    applies_from: date
    extent: Decimal | None = None
    expected_until: date | None = None
    outcome: str | None = None
    understood_sv: str
    understood_en: str


@router.post("/placements/{placement_id}/interruption")
async def interrupt(placement_id: UUID, body: InterruptionBody, call: Command) -> Accepted:
    """The participant is away; the agreement stands (SFS 2018:42 §33)."""
    return await call.execute(AGREEMENT, placement_id, InterruptPlacement(**dict(body)))


@router.post("/placements/{placement_id}/resumption")
async def resume(placement_id: UUID, body: ResumptionBody, call: Command) -> Accepted:
    """The participant is back."""
    return await call.execute(AGREEMENT, placement_id, ResumePlacement(body.resumed_on))


@router.post("/placements/{placement_id}/changes")
async def propose_change(placement_id: UUID, body: ChangeBody, call: Command) -> Accepted:
    """Propose other hours, pay, supervisor, tasks or another last day; it takes effect when everyone has approved."""
    command = ProposeChange(
        **{**dict(body), "tasks": None if body.tasks is None else tuple(body.tasks)},
        withheld=await withheld_for(call, placement_id),
    )
    return await call.execute(AGREEMENT, placement_id, command)


@router.post("/placements/{placement_id}/changes/drop")
async def drop_change(placement_id: UUID, body: DropBody, call: Command) -> Accepted:
    """Give up the proposed change."""
    return await call.execute(AGREEMENT, placement_id, DropChange(body.dropped_on))


@router.post("/placements/{placement_id}/reports")
async def report(placement_id: UUID, body: ReportBody, call: Command) -> Receipt:
    """The employer reports an end, other hours, or an absence of more than fourteen days, and gets a receipt.

    The same report has the same receipt, however often and under whatever Idempotency-Key it is sent.
    """
    receipt_id = uuid5(_RECEIPTS, f"{placement_id} {body.model_dump_json()}")
    hidden = await withheld_for(call, placement_id)
    command = ReportChange(receipt_id, call.today, _reported(body), withheld=hidden)
    await call.execute(AGREEMENT, placement_id, command)
    row = await call.queries.get(ChangeReports, receipt_id)
    assert row is not None  # the view is written in the transaction of the event
    return _receipt(row)


@router.post("/placements/{placement_id}/end")
async def end(placement_id: UUID, body: EndBody, call: Command) -> Accepted:
    """End, with the last day and the outcome."""
    return await call.execute(AGREEMENT, placement_id, EndPlacement(body.last_day_on, body.outcome))


@router.post("/placements/{placement_id}/end/correction")
async def correct_end(placement_id: UUID, body: EndBody, call: Command) -> Accepted:
    """The end was recorded wrongly: this is the last day, and this the outcome."""
    row = await call.queries.get(Placements, placement_id)
    of_case = [] if row is None else await call.queries.select(Placements, limit=LIMIT_MAX, case_id=row.case_id)
    begun = [one.started_on for one in of_case if one.follows == placement_id and one.started_on is not None]
    command = CorrectEnd(body.last_day_on, body.outcome, call.today, min(begun, default=None))
    return await call.execute(AGREEMENT, placement_id, command)


@router.post("/placements/{placement_id}/certificate")
async def certify(placement_id: UUID, body: CertificateBody, call: Command) -> Accepted:
    """The supervisor certifies a placement without pay after its end."""
    hidden = await withheld_for(call, placement_id)
    return await call.execute(AGREEMENT, placement_id, IssueCertificate(**dict(body), withheld=hidden))


@router.get("/placements/{placement_id}/changes")
async def changes(placement_id: UUID, call: Query) -> Sequence[ChangeRow]:
    """Every change that was proposed while the placement ran, in order, with how far it came."""
    return await call.queries.select(PlacementChanges, limit=LIMIT_MAX, placement_id=placement_id)


@router.get("/reports/{receipt_id}")
async def receipt(receipt_id: UUID, call: Query) -> Receipt:
    """The receipt again."""
    return _receipt(await call.one(ChangeReports, receipt_id))


def _reported(body: ReportBody) -> Report:
    match body.report:
        case EndReportBody(last_day_on=day, outcome=outcome):
            return EndReport(day, outcome)
        case HoursReportBody(applies_from=day, extent=extent):
            return HoursReport(day, extent)
        case AbsenceReportBody(first_day_on=day, cause=cause, expected_until=expected_until):
            return AbsenceReport(day, cause, expected_until)
        case _:
            assert_never(body.report)


def _receipt(row: ReportRow) -> Receipt:
    assert row.placement_id is not None
    assert row.received_at is not None
    assert row.kind is not None
    assert row.applies_from is not None
    swedish, english = understood(row)
    return Receipt(
        receipt_id=row.receipt_id,
        placement_id=row.placement_id,
        received_at=row.received_at,
        kind=row.kind,
        applies_from=row.applies_from,
        extent=row.extent,
        expected_until=row.expected_until,
        outcome=row.outcome,
        understood_sv=swedish,
        understood_en=english,
    )
