"""Compensations as queries read them: the decision and what became of it. Pure folds."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar, get_args
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.funding.compensation.evolve import Event
from samverkan.schemas.decisions import (
    AmendmentNeeded,
    AmendmentPrepared,
    AppealJudged,
    AppealOutcome,
    CompensationAmended,
    CompensationExpired,
    CompensationRevoked,
    DecisionAppealed,
    DecisionReceived,
    Party,
    ReviewDecided,
    ReviewRequested,
    RevocationLifted,
    RevocationPrepared,
)
from samverkan.schemas.funding import (
    ClaimCredited,
    CompensationApplied,
    CompensationApproved,
    CompensationChecked,
    CompensationRefused,
)
from samverkan.schemas.recovery import EmploymentEndNoted


@dataclass(frozen=True)
class CompensationRow:
    """A compensation: `state` is that of State (compensation/state.py). Kronor; `credited` is what has been credited.

    `ends_on` is the last supported day as now decided, `ends_month` its month. `waits_for` is what was prepared and
    another person has to attest: `revocation`, else `amendment`. The days until which parties may ask for a review, or
    appeal it, stand in `employer_until` and `participant_until`.
    """

    compensation_id: UUID
    version: int = 0
    case_id: UUID | None = None
    placement_id: UUID | None = None
    form: str | None = None
    state: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    extent: Decimal | None = None
    pay_months_later: int | None = None
    applied_on: date | None = None
    prepared_by: str | None = None
    checked_on: date | None = None
    decided_on: date | None = None
    attested_by: str | None = None
    refusal_code: str | None = None
    rule_version: str | None = None
    rule_source: str | None = None
    gross_per_month: Decimal | None = None
    birth_year: int | None = None
    cost_per_month: Decimal | None = None
    credit_per_month: Decimal | None = None
    own_cost_per_month: Decimal | None = None
    credit_in_all: Decimal | None = None
    credited: Decimal = Decimal(0)
    employer_number: str | None = None
    extends: UUID | None = None
    bank_ground: str | None = None
    decided_end: date | None = None
    ends_month: date | None = None
    amended_on: date | None = None
    change_needed_from: date | None = None
    waits_for: str | None = None
    revoked_from: date | None = None
    expired_on: date | None = None
    ended_on: date | None = None
    employer_until: date | None = None
    participant_until: date | None = None
    review_requested_on: date | None = None
    reviewed_on: date | None = None
    review_outcome: str | None = None
    appealed_on: date | None = None
    judged_on: date | None = None
    appeal_outcome: str | None = None


class Compensations(View[CompensationRow]):
    """One row per compensation; every column is funding's own."""

    table: ClassVar = "compensation"
    row: ClassVar = CompensationRow
    events: ClassVar = get_args(Event)  # all of them: the version is the stream's

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: CompensationRow, recorded: Recorded) -> CompensationRow:
        row = _after(replace(row, version=recorded.envelope.version), recorded)
        end = row.decided_end
        if row.revoked_from is not None and end is not None:
            end = min(end, row.revoked_from - timedelta(days=1))
        return replace(row, state=_state(row), ends_on=end, ends_month=None if end is None else end.replace(day=1))


def _after(row: CompensationRow, recorded: Recorded) -> CompensationRow:
    match recorded.event:
        case CompensationApplied() as applied:
            return _applied(row, applied)
        case CompensationChecked(prepared_by=prepared_by, checked_on=day):
            return replace(row, prepared_by=prepared_by, checked_on=day)
        case CompensationApproved() as approved:
            return _approved(row, approved)
        case CompensationRefused(decided_on=day, attested_by=by, code=code):
            return replace(_anew(row), decided_on=day, attested_by=by, refusal_code=code)
        case ClaimCredited(economy=economy):
            return row if economy is None else replace(row, credited=row.credited + economy.credit)
        case EmploymentEndNoted(last_day_on=day):
            return replace(row, ended_on=day)
        case _:
            return _later(row, recorded)


def _later(row: CompensationRow, recorded: Recorded) -> CompensationRow:
    match recorded.event:
        case DecisionReceived(receiver=Party.EMPLOYER, review_by=day):
            return replace(row, employer_until=day)
        case DecisionReceived(receiver=Party.PARTICIPANT, review_by=day):
            return replace(row, participant_until=day)
        case AmendmentNeeded(valid_from=day):
            return replace(row, change_needed_from=day)
        case AmendmentPrepared():
            return replace(row, waits_for=row.waits_for or "amendment")
        case CompensationAmended() as amended:
            return _amended(row, amended)
        case RevocationPrepared():
            return replace(row, waits_for="revocation")
        case CompensationRevoked(revoked_from=day):
            return replace(_anew(row), revoked_from=day, waits_for=None)
        case RevocationLifted():
            return replace(row, revoked_from=None)
        case CompensationExpired(ended_on=day):
            return replace(row, expired_on=day)
        case ReviewRequested(requested_on=day):
            return replace(
                row,
                review_requested_on=day,
                reviewed_on=None,
                review_outcome=None,
                appealed_on=None,
                judged_on=None,
                appeal_outcome=None,
            )
        case ReviewDecided(decided_on=day, outcome=outcome):
            return replace(
                row, reviewed_on=day, review_outcome=outcome.value, employer_until=None, participant_until=None
            )
        case DecisionAppealed(appealed_on=day):
            return replace(row, appealed_on=day)
        case AppealJudged(judged_on=day, outcome=outcome):
            return _judged(replace(row, judged_on=day, appeal_outcome=outcome.value), outcome)
        case _:
            return row


def _state(row: CompensationRow) -> str | None:
    """As `Compensation.state` has it; the tests hold the two to each other."""
    if row.applied_on is None:
        return None
    if row.decided_on is None:
        return "applied" if row.checked_on is None else "checked"
    if row.appealed_on is not None and row.judged_on is None:
        return "appealed"
    if row.review_requested_on is not None and row.reviewed_on is None:
        return "under_review"
    if row.refusal_code is not None:
        return "refused"
    if row.revoked_from is not None:
        return "revoked"
    if row.expired_on is not None:
        return "expired"
    return "granted" if row.amended_on is None else "amended"


def _anew(row: CompensationRow) -> CompensationRow:
    """A new decision has to be received, and may be reviewed and appealed, anew."""
    row = replace(row, employer_until=None, participant_until=None)
    if row.reviewed_on is None:
        return row
    return replace(
        row,
        review_requested_on=None,
        reviewed_on=None,
        review_outcome=None,
        appealed_on=None,
        judged_on=None,
        appeal_outcome=None,
    )


def _applied(row: CompensationRow, applied: CompensationApplied) -> CompensationRow:
    economy = applied.economy
    return replace(
        row,
        case_id=applied.case_id,
        placement_id=applied.placement_id,
        form=applied.form.value,
        starts_on=applied.starts_on,
        decided_end=applied.ends_on,
        extent=applied.extent,
        pay_months_later=applied.pay_months_later,
        applied_on=applied.applied_on,
        extends=applied.extends,
        bank_ground=applied.bank_ground,
        gross_per_month=None if economy is None else economy.gross_per_month,
        birth_year=None if economy is None else economy.birth_year,
        employer_number=None if applied.employment is None else applied.employment.employer_number,
    )


def _approved(row: CompensationRow, approved: CompensationApproved) -> CompensationRow:
    row = replace(
        _anew(row),
        decided_on=approved.decided_on,
        attested_by=approved.attested_by,
        refusal_code=None,
        rule_version=approved.rule_version,
        rule_source=approved.rule_source,
    )
    economy = approved.economy
    if economy is None:
        return row
    return replace(
        row,
        cost_per_month=economy.cost_per_month,
        credit_per_month=economy.credit_per_month,
        own_cost_per_month=economy.own_cost_per_month,
        credit_in_all=economy.credit_in_all,
    )


def _amended(row: CompensationRow, amended: CompensationAmended) -> CompensationRow:
    row = replace(
        _anew(row),
        amended_on=amended.decided_on,
        extent=amended.extent,
        decided_end=amended.ends_on,
        change_needed_from=None,
        waits_for=None if row.waits_for == "amendment" else row.waits_for,
    )
    economy = amended.economy
    if economy is None:
        return row
    return replace(
        row,
        gross_per_month=economy.gross_per_month,
        cost_per_month=economy.cost_per_month,
        credit_per_month=economy.credit_per_month,
        own_cost_per_month=economy.own_cost_per_month,
        credit_in_all=economy.credit_in_all,
    )


def _judged(row: CompensationRow, outcome: AppealOutcome) -> CompensationRow:
    if row.refusal_code is None or outcome is AppealOutcome.REJECTED:
        return row
    reopened = replace(row, prepared_by=None, checked_on=None, decided_on=None, attested_by=None, refusal_code=None)
    return _anew(reopened)
