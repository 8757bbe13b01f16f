"""Who received a decision when, its review (omprövning) and the appeal after it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.amendment import Change, amended, wrong_months
from samverkan.funding.compensation.application import terms_of
from samverkan.funding.compensation.decision import application_of, approved
from samverkan.funding.compensation.evolve import Event, evolve
from samverkan.funding.compensation.segments import expected
from samverkan.funding.compensation.state import Compensation, Decision, State
from samverkan.funding.conditions.conditions import Conditions
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.funding.time_left import refuse_unless_time_left
from samverkan.funding.time_used import Support
from samverkan.schemas.decisions import (
    AppealJudged,
    AppealOutcome,
    DecisionAppealed,
    DecisionReceived,
    Party,
    Reason,
    ReviewDecided,
    ReviewOutcome,
    ReviewRequested,
    RevocationLifted,
)
from samverkan.schemas.recovery import CorrectionCause


@dataclass(frozen=True)
class RecordReceipt:
    """A party received the latest decision: its time to ask for a review begins."""

    receiver: Party
    received_on: date


@dataclass(frozen=True)
class RequestReview:
    """A party is not content. Time runs from its receipt; without one it has not begun to run."""

    requested_by: Party
    requested_on: date


@dataclass(frozen=True)
class DecideReview:
    """Somebody who took no part decides. `change` belongs to a granted decision that is changed, and to no other:
    a refusal becomes a grant as applied for, a revocation is lifted. `others` and `employer` as in
    ApproveCompensation: what was granted since then takes of the time, too. `reason`: why, in the reviewer's words, as
    the letter says it (SFS 2017:900 §32)."""

    reviewed_by: str
    decided_on: date
    outcome: ReviewOutcome
    change: Change | None = None
    others: tuple[Support, ...] = ()
    employer: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class AppealDecision:
    """A party appeals what the review came to."""

    appealed_by: Party
    appealed_on: date


@dataclass(frozen=True)
class RecordJudgment:
    """The court has judged."""

    judged_on: date
    outcome: AppealOutcome


def record_receipt(conditions: Conditions, command: RecordReceipt, compensation: Compensation) -> Sequence[Event]:
    """Refused: `not-decided`, `received-before-decision`, `already-received`, `no-rule-in-force`."""
    latest = _latest_decision(compensation)
    known = compensation.receipts.get(command.receiver)
    if known is not None:
        if known[0] == command.received_on:
            return []
        raise Refused("already-received", received_on=known[0].isoformat())
    if command.received_on < latest:
        raise Refused("received-before-decision", decided_on=latest.isoformat())
    review_by = conditions.review_by(command.received_on)
    return [DecisionReceived(receiver=command.receiver, received_on=command.received_on, review_by=review_by)]


def request_review(command: RequestReview, compensation: Compensation) -> Sequence[Event]:
    """Refused: `not-decided`, `already-under-review`, `already-reviewed`, `decision-appealed`,
    `requested-before-decision`, `review-too-late`."""
    latest = _latest_decision(compensation)
    review = compensation.review
    if compensation.state is State.APPEALED:
        raise Refused("decision-appealed")
    if review is not None:
        if (review.requested_by, review.requested_on) == (command.requested_by, command.requested_on):
            return []
        if review.outcome is None:
            raise Refused("already-under-review")
        raise Refused("already-reviewed")
    if command.requested_on < latest:
        raise Refused("requested-before-decision", decided_on=latest.isoformat())
    last_day = _last_day(compensation, command.requested_by)
    if command.requested_on > last_day:
        raise Refused("review-too-late", last_day=last_day.isoformat())
    return [ReviewRequested(requested_by=command.requested_by, requested_on=command.requested_on)]


def decide_review(rules: Rulebook, command: DecideReview, compensation: Compensation) -> Sequence[Event]:
    """Refused: `not-decided`, `not-under-review`, `reviewer-took-part`, `decided-before-check`, `change-not-stated`,
    `review-to-detriment`, and what makes a change impossible."""
    _latest_decision(compensation)
    review = compensation.review
    if review is None:
        raise Refused("not-under-review")
    if review.outcome is not None:
        if (review.decided_on, review.outcome) == (command.decided_on, command.outcome):
            return []
        raise Refused("already-reviewed")
    if command.reviewed_by in compensation.took_part:
        raise Refused("reviewer-took-part")
    if command.decided_on < review.requested_on:
        raise Refused("decided-before-check", checked_on=review.requested_on.isoformat())
    changes = _changes(rules, command, compensation) if command.outcome is ReviewOutcome.CHANGED else []
    decided = ReviewDecided(
        reviewed_by=command.reviewed_by,
        decided_on=command.decided_on,
        outcome=command.outcome,
        economy=None if command.reason is None else Reason(reason=command.reason),
    )
    # The change first: a decision that is changed under review stays reviewed, and can be appealed.
    return [*changes, decided]


def appeal(command: AppealDecision, compensation: Compensation) -> Sequence[Event]:
    """Refused: `not-decided`, `review-first`, `already-appealed`, `requested-before-decision`, `appeal-too-late`."""
    _latest_decision(compensation)
    known = compensation.appeal
    if known is not None:
        if (known.appealed_by, known.appealed_on) == (command.appealed_by, command.appealed_on):
            return []
        raise Refused("already-appealed")
    reviewed_on = compensation.review.decided_on if compensation.review is not None else None
    if reviewed_on is None:
        raise Refused("review-first")
    if command.appealed_on < reviewed_on:
        raise Refused("requested-before-decision", decided_on=reviewed_on.isoformat())
    last_day = _last_day(compensation, command.appealed_by)
    if command.appealed_on > last_day:
        raise Refused("appeal-too-late", last_day=last_day.isoformat())
    return [DecisionAppealed(appealed_by=command.appealed_by, appealed_on=command.appealed_on)]


def record_judgment(command: RecordJudgment, compensation: Compensation) -> Sequence[Event]:
    """Refused: `not-decided`, `not-appealed`, `judged-before-appeal`. What the court granted beyond a refusal or a
    revocation is carried out by an amendment."""
    _latest_decision(compensation)
    known = compensation.appeal
    if known is None:
        raise Refused("not-appealed")
    if known.outcome is not None:
        if (known.judged_on, known.outcome) == (command.judged_on, command.outcome):
            return []
        raise Refused("already-judged")
    if command.judged_on < known.appealed_on:
        raise Refused("judged-before-appeal")
    judged = AppealJudged(judged_on=command.judged_on, outcome=command.outcome)
    if compensation.revoked_from is not None and command.outcome is AppealOutcome.GRANTED:
        return [judged, *_lifted(compensation, command.judged_on)]
    return [judged]


def _latest_decision(compensation: Compensation) -> date:
    """The day of the latest decision, a review included. Refused `not-decided`."""
    decision, review = compensation.decision, compensation.review
    if decision is None:
        raise Refused("not-decided")
    days = [decision.decided_on]
    days += [on for matter, (_, on) in compensation.attested.items() if matter in ("amendment", "revocation")]
    if review is not None and review.decided_on is not None:
        days.append(review.decided_on)
    return max(days)


def _last_day(compensation: Compensation, party: Party) -> date:
    """The last day of this party. What it has not received it may contest at any time."""
    received = compensation.receipts.get(party)
    return date.max if received is None else received[1]


def _changes(rules: Rulebook, command: DecideReview, compensation: Compensation) -> list[Event]:
    decision = compensation.decision
    assert decision is not None
    if decision.refusal_code is not None:
        return [_granted_after_all(rules, command, compensation, decision)]
    if compensation.revoked_from is not None:
        return _lifted(compensation, command.decided_on)
    if command.change is None:
        raise Refused("change-not-stated")
    event = amended(rules, command.change, compensation, command.reviewed_by, command.reviewed_by, command.decided_on)
    _not_to_detriment(rules, compensation, evolve(compensation, event))
    wrong = wrong_months(compensation, event.valid_from, CorrectionCause.DECISION_CHANGED)
    return [event, *wrong]


def _granted_after_all(rules: Rulebook, command: DecideReview, compensation: Compensation, decision: Decision) -> Event:
    """As applied for. The rules are those of the day on which it was wrongly refused. Refused: as `approve`."""
    terms = terms_of(application_of(compensation))
    refuse_unless_time_left(rules, terms, decision.decided_on, command.others, command.employer)
    granted = approved(rules, compensation, command.reviewed_by, decision.decided_on)
    return granted.model_copy(update={"decided_on": command.decided_on})


def _lifted(compensation: Compensation, day: date) -> list[Event]:
    application, revoked_from = compensation.application, compensation.revoked_from
    assert application is not None and revoked_from is not None
    lifted = RevocationLifted(case_id=application.case_id, placement_id=application.placement_id, lifted_on=day)
    restored = replace(compensation, revoked_from=None)
    return [lifted, *wrong_months(restored, revoked_from, CorrectionCause.DECISION_CHANGED)]


def _not_to_detriment(rules: Rulebook, before: Compensation, after: Compensation) -> None:
    """No month may give less than before (SFS 2018:42, as 2017:900 §38). Refused `review-to-detriment`."""
    now = {month: amounts.credit for month, amounts in expected(rules, after)}
    for month, amounts in expected(rules, before):
        if now.get(month, Decimal(0)) < amounts.credit:
            raise Refused("review-to-detriment", month=f"{month:%Y-%m}")
