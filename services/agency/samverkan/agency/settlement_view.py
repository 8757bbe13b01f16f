"""What became of a decision and of a claimed month after its credit; all columns are owned by samverkan.funding."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.decisions import (
    AmendmentNeeded,
    AppealJudged,
    CompensationAmended,
    CompensationExpired,
    CompensationRevoked,
    DecisionAppealed,
    DecisionReceived,
    Party,
    ReviewDecided,
    ReviewRequested,
    RevocationLifted,
)
from samverkan.schemas.recovery import (
    ClaimCorrected,
    ClaimReopened,
    CorrectionNeeded,
    HearingAnswered,
    HearingOpened,
    RecoveryDecided,
    RecoverySetOff,
    RecoveryWaived,
    RepaymentReceived,
)


@dataclass(frozen=True)
class DecisionLifeRow:
    """A decision after it was taken: what changed it last, and what is being asked of it."""

    compensation_id: UUID
    case_id: UUID | None = None
    change_needed_from: date | None = None
    amended_on: date | None = None
    amended_from: date | None = None
    amended_extent: Decimal | None = None
    amended_end: date | None = None
    revoked_from: date | None = None
    expired_on: date | None = None
    review_by: date | None = None
    review_requested_on: date | None = None
    reviewed_on: date | None = None
    review_outcome: str | None = None
    appealed_on: date | None = None
    judged_on: date | None = None
    appeal_outcome: str | None = None


class DecisionLives(View[DecisionLifeRow]):
    """One row per compensation of which something of this has been told."""

    table: ClassVar = "case_decision_life"
    row: ClassVar = DecisionLifeRow
    events: ClassVar = (
        *(DecisionReceived, AmendmentNeeded, CompensationAmended, CompensationRevoked, RevocationLifted),
        *(CompensationExpired, ReviewRequested, ReviewDecided, DecisionAppealed, AppealJudged),
    )

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """The compensation itself."""
        return [recorded.stream_id]

    def fold(self, row: DecisionLifeRow, recorded: Recorded) -> DecisionLifeRow:
        """Take over what the event says."""
        row = replace(row, case_id=recorded.envelope.correlation_id)
        match recorded.event:
            case DecisionReceived(receiver=Party.EMPLOYER, review_by=day):
                return replace(row, review_by=day)
            case AmendmentNeeded(valid_from=day):
                return replace(row, change_needed_from=day)
            case CompensationAmended(decided_on=day, valid_from=since, extent=extent, ends_on=end):
                row = replace(row, amended_on=day, amended_from=since, amended_extent=extent, amended_end=end)
                return replace(row, change_needed_from=None, review_by=None)
            case CompensationRevoked(revoked_from=day):
                return replace(row, revoked_from=day, review_by=None)
            case RevocationLifted():
                return replace(row, revoked_from=None)
            case CompensationExpired(ended_on=day):
                return replace(row, expired_on=day)
            case _:
                return _contested(row, recorded)


def _contested(row: DecisionLifeRow, recorded: Recorded) -> DecisionLifeRow:
    match recorded.event:
        case ReviewRequested(requested_on=day):
            row = replace(row, review_requested_on=day, reviewed_on=None, review_outcome=None)
            return replace(row, appealed_on=None, judged_on=None, appeal_outcome=None)
        case ReviewDecided(decided_on=day, outcome=outcome):
            return replace(row, reviewed_on=day, review_outcome=outcome.value, review_by=None)
        case DecisionAppealed(appealed_on=day):
            return replace(row, appealed_on=day)
        case AppealJudged(judged_on=day, outcome=outcome):
            return replace(row, judged_on=day, appeal_outcome=outcome.value)
        case _:
            return row


@dataclass(frozen=True)
class SettlementRow:
    """A month that turned out wrong or was lost; the key is `<compensation id>/<first day of the month>`. Kronor.

    `asked_back` is what the latest recovery decision asks for, `settled` what was set off, repaid or waived in all.
    """

    claim: str
    compensation_id: UUID | None = None
    case_id: UUID | None = None
    work_month: date | None = None
    needs_correction: str | None = None
    corrected_on: date | None = None
    correction_cause: str | None = None
    answer_by: date | None = None
    answered_on: date | None = None
    recovery_on: date | None = None
    waived_on: date | None = None
    reopened_on: date | None = None
    corrected_credit: Decimal | None = None
    asked_back: Decimal | None = None
    settled: Decimal | None = None


class Settlements(View[SettlementRow]):
    """One row per month of which something of this has been told."""

    table: ClassVar = "case_settlement"
    row: ClassVar = SettlementRow
    events: ClassVar = (
        *(CorrectionNeeded, ClaimCorrected, HearingOpened, HearingAnswered, RecoveryDecided),
        *(RecoverySetOff, RepaymentReceived, RecoveryWaived, ClaimReopened),
    )

    def keys(self, recorded: Recorded) -> Collection[str]:
        """One row per compensation and work month."""
        month = _month(recorded)
        return [] if month is None else [f"{recorded.stream_id}/{month.isoformat()}"]

    def fold(self, row: SettlementRow, recorded: Recorded) -> SettlementRow:
        """Take over what the event says."""
        envelope = recorded.envelope
        row = replace(row, compensation_id=recorded.stream_id, case_id=envelope.correlation_id)
        row = replace(row, work_month=_month(recorded))
        match recorded.event:
            case CorrectionNeeded(cause=cause):
                return replace(row, needs_correction=cause.value)
            case ClaimCorrected() as corrected:
                row = replace(
                    row,
                    needs_correction=None,
                    corrected_on=corrected.decided_on,
                    correction_cause=corrected.cause.value,
                    answer_by=None,
                    answered_on=None,
                    recovery_on=None,
                    asked_back=None,
                )
                economy = corrected.economy
                if economy is None:
                    return row
                row = replace(row, corrected_credit=economy.credit)
                return row if economy.waiver_cancelled is None else _less(row, -economy.waiver_cancelled)
            case HearingOpened(answer_by=day):
                return replace(row, answer_by=day)
            case HearingAnswered(answered_on=day):
                return replace(row, answered_on=day)
            case RecoveryDecided(decided_on=day, economy=owed):
                row = replace(row, recovery_on=day)
                return row if owed is None else replace(row, asked_back=owed.amount)
            case ClaimReopened(decided_on=day):
                return replace(row, reopened_on=day)
            case _:
                return _settled(row, recorded)


def _settled(row: SettlementRow, recorded: Recorded) -> SettlementRow:
    match recorded.event:
        case RecoverySetOff(economy=taken) if taken is not None:
            return _less(row, taken.amount)
        case RepaymentReceived(economy=repaid) if repaid is not None:
            return _less(row, repaid.principal)
        case RecoveryWaived(decided_on=day, economy=waived):
            row = replace(row, waived_on=day)
            return row if waived is None else _less(row, waived.amount)
        case _:
            return row


def _less(row: SettlementRow, amount: Decimal) -> SettlementRow:
    return replace(row, settled=amount if row.settled is None else row.settled + amount)


def _month(recorded: Recorded) -> date | None:
    month: date | None = getattr(recorded.event, "work_month", None)
    return month
