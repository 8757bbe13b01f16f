"""Folding recorded events into a compensation; what has happened is never refused. Pure."""

from dataclasses import replace
from typing import assert_never

from samverkan.funding.compensation.evolve_claim import ClaimEvent, evolve_claim
from samverkan.funding.compensation.state import (
    Amendment,
    Appeal,
    Application,
    Check,
    Compensation,
    Decision,
    Prepared,
    Review,
)
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
    ReviewDecided,
    ReviewRequested,
    RevocationLifted,
    RevocationPrepared,
)
from samverkan.schemas.funding import (
    CompensationApplied,
    CompensationApproved,
    CompensationChecked,
    CompensationReactionRefused,
    CompensationRefused,
)
from samverkan.schemas.recovery import EmploymentEndNoted, WrongPaymentNoticePrepared

DecisionEvent = (
    CompensationApplied
    | CompensationChecked
    | CompensationApproved
    | CompensationRefused
    | DecisionReceived
    | AmendmentNeeded
    | AmendmentPrepared
    | CompensationAmended
    | RevocationPrepared
    | CompensationRevoked
    | RevocationLifted
    | CompensationExpired
    | ReviewRequested
    | ReviewDecided
    | DecisionAppealed
    | AppealJudged
    | EmploymentEndNoted
    | WrongPaymentNoticePrepared
    | CompensationReactionRefused
)
Event = DecisionEvent | ClaimEvent


def evolve(compensation: Compensation, event: Event) -> Compensation:
    """Fold one event."""
    if isinstance(event, ClaimEvent):
        return evolve_claim(compensation, event)
    match event:
        case CompensationApplied():
            return replace(compensation, application=_application(event))
        case CompensationChecked(prepared_by=by, checked_on=day):
            return replace(_with_part(compensation, by), check=Check(by, day))
        case CompensationApproved(decided_on=day, attested_by=by, rule_version=rule):
            decided = _decided(compensation, by)
            return replace(decided, decision=Decision(day, by, rule_version=rule))
        case CompensationRefused(decided_on=day, attested_by=by, code=code):
            return replace(_decided(compensation, by), decision=Decision(day, by, refusal_code=code))
        case DecisionReceived(receiver=receiver, received_on=day, review_by=review_by):
            return replace(compensation, receipts={**compensation.receipts, receiver: (day, review_by)})
        case AmendmentNeeded():
            return replace(compensation, change_needed=event)
        case AmendmentPrepared(prepared_by=by, prepared_on=day):
            return compensation.with_prepared("amendment", Prepared(by, day, event))
        case CompensationAmended():
            return _amended(compensation, event)
        case RevocationPrepared(prepared_by=by, prepared_on=day):
            return compensation.with_prepared("revocation", Prepared(by, day, event))
        case CompensationRevoked(revoked_from=day, prepared_by=prepared_by, attested_by=by):
            decided = _decided(compensation, prepared_by, by).with_attested("revocation", by, event.decided_on)
            return replace(decided, revoked_from=day)
        case RevocationLifted():
            return replace(compensation, revoked_from=None)
        case CompensationExpired(ended_on=day):
            return replace(compensation, expired_on=day)
        case ReviewRequested(requested_by=by, requested_on=day):
            return replace(compensation, review=Review(by, day), appeal=None)
        case ReviewDecided(decided_on=day, outcome=outcome, reviewed_by=by):
            review = compensation.review and replace(compensation.review, decided_on=day, outcome=outcome)
            return replace(_with_part(compensation, by), review=review, receipts={})
        case DecisionAppealed(appealed_by=by, appealed_on=day):
            return replace(compensation, appeal=Appeal(by, day))
        case AppealJudged():
            return _judged(compensation, event)
        case EmploymentEndNoted(last_day_on=day):
            return replace(compensation, ended_on=day)
        case WrongPaymentNoticePrepared(recipient=recipient, ground=ground, noticed_on=day, work_month=month):
            return replace(compensation, notices=compensation.notices | {(recipient, ground, day, month)})
        case CompensationReactionRefused():
            return compensation
        case _:
            assert_never(event)


def _with_part(compensation: Compensation, *persons: str) -> Compensation:
    return replace(compensation, took_part=compensation.took_part | set(persons))


def _decided(compensation: Compensation, *persons: str | None) -> Compensation:
    """A new decision: it has to be received, and may be reviewed and appealed, anew."""
    review, appeal = compensation.review, compensation.appeal
    if review is not None and review.outcome is not None:
        review = appeal = None
    known = _with_part(compensation, *(person for person in persons if person is not None))
    return replace(known, receipts={}, review=review, appeal=appeal)


def _amended(compensation: Compensation, event: CompensationAmended) -> Compensation:
    gross = None if event.economy is None else event.economy.gross_per_month
    earlier = tuple(each for each in compensation.amendments if each.valid_from < event.valid_from)
    decided = _decided(compensation, event.prepared_by, event.attested_by)
    return replace(
        decided.with_attested("amendment", event.attested_by, event.decided_on),
        amendments=(*earlier, Amendment(event.valid_from, event.extent, gross)),
        amended_ends_on=event.ends_on,
        change_needed=None,
    )


def _judged(compensation: Compensation, event: AppealJudged) -> Compensation:
    appeal = compensation.appeal and replace(compensation.appeal, judged_on=event.judged_on, outcome=event.outcome)
    compensation = replace(compensation, appeal=appeal)
    refused = compensation.decision is not None and compensation.decision.refusal_code is not None
    if refused and event.outcome is not AppealOutcome.REJECTED:
        return replace(compensation, check=None, decision=None, review=None, appeal=None, receipts={})
    return compensation


def _application(event: CompensationApplied) -> Application:
    return Application(
        event.case_id,
        event.placement_id,
        event.form,
        event.starts_on,
        event.ends_on,
        event.extent,
        event.pay_months_later,
        event.applied_on,
        event.economy,
        event.employment,
        event.extends,
        event.bank_ground,
    )
