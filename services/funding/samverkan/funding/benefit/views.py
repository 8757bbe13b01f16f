"""What funding's queries read of benefits: one row each, and the enrolments that they rest on. Pure folds."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.benefit import BenefitApplied, BenefitDecided
from samverkan.schemas.participant import ParticipantEnrolled


@dataclass(frozen=True)
class BenefitRow:
    """A benefit: `state` is decided or applied. `days_late`: calendar days from entitlement to decision. Kronor."""

    benefit_id: UUID
    version: int = 0
    case_id: UUID | None = None
    kind: str | None = None
    state: str | None = None
    entitled_from: date | None = None
    entitled_until: date | None = None
    decided_on: date | None = None
    days_late: int | None = None
    applied_on: date | None = None
    paid_from: date | None = None
    days_paid: int | None = None
    days_lost: int | None = None
    rule_version: str | None = None
    paid: Decimal | None = None
    lost: Decimal | None = None
    lines: str | None = None


class Benefits(View[BenefitRow]):
    """One row per benefit; every column is funding's own."""

    table: ClassVar = "benefit"
    row: ClassVar = BenefitRow
    events: ClassVar = (BenefitDecided, BenefitApplied)

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: BenefitRow, recorded: Recorded) -> BenefitRow:
        row = replace(row, version=recorded.envelope.version)
        match recorded.event:
            case BenefitDecided() as decided:
                return replace(
                    row,
                    state="decided",
                    case_id=decided.case_id,
                    kind=decided.kind.value,
                    entitled_from=decided.entitled_from,
                    entitled_until=decided.entitled_until,
                    decided_on=decided.decided_on,
                    days_late=max((decided.decided_on - decided.entitled_from).days, 0),
                )
            case BenefitApplied() as applied:
                return _applied(row, applied)
            case _:
                return row


@dataclass(frozen=True)
class EnrolmentRow:
    """That a person takes part in something, and the event that told so: what a benefit rests on."""

    case_id: UUID
    version: int | None = None
    enrolled_on: date | None = None


class Enrolments(View[EnrolmentRow]):
    """One row per enrolled case; every column is intake's."""

    table: ClassVar = "enrolment"
    row: ClassVar = EnrolmentRow
    events: ClassVar = (ParticipantEnrolled,)

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: EnrolmentRow, recorded: Recorded) -> EnrolmentRow:
        match recorded.event:
            case ParticipantEnrolled(enrolled_on=day):
                return replace(row, version=recorded.envelope.version, enrolled_on=day)
            case _:
                return row


def _applied(row: BenefitRow, applied: BenefitApplied) -> BenefitRow:
    row = replace(
        row,
        state="applied",
        applied_on=applied.applied_on,
        paid_from=applied.paid_from,
        days_paid=applied.days_paid,
        days_lost=applied.days_lost,
        rule_version=applied.rule_version,
    )
    if (amounts := applied.economy) is None:
        return row
    lines = [line.model_dump(mode="json") for line in amounts.lines]
    return replace(row, paid=amounts.paid, lost=amounts.lost, lines=json.dumps(lines, ensure_ascii=False))
