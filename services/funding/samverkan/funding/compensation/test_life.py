"""What becomes of a decision: amended, revoked, received, reviewed, appealed, expired."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from samverkan.funding.compensation.amendment import Change
from samverkan.funding.compensation.compensation import compensation_under
from samverkan.funding.compensation.decision import ApproveCompensation, CheckApplication
from samverkan.funding.compensation.employment import NoteEmploymentChange
from samverkan.funding.compensation.examples import APPLIED, APPROVE, CHECKED, CONDITIONS, GRANTED, RULES, given
from samverkan.funding.compensation.review import RecordJudgment, RequestReview
from samverkan.funding.compensation.revocation import ExpireCompensation
from samverkan.funding.compensation.state import State
from samverkan.funding.compensation.table import (
    AMEND,
    AMENDED,
    APPEAL,
    CLAIM,
    CREDITED,
    RECEIPT,
    REFUSE,
    REVIEW,
    REVIEWED,
    REVOKE,
    REVOKED,
    THREE,
    after,
)
from samverkan.schemas.decisions import AppealOutcome, CompensationAmended, Party, ReviewOutcome
from samverkan.schemas.event import Event
from samverkan.schemas.funding import CompensationApproved
from samverkan.schemas.recovery import CorrectionNeeded

COMPENSATION = compensation_under(RULES, CONDITIONS)
CHANGED = replace(REVIEWED, outcome=ReviewOutcome.CHANGED)


def state(events: list[Event]) -> State:
    return COMPENSATION.fold(events).state


def test_an_amendment_keeps_the_rule_version_and_computes_the_amounts_again() -> None:
    amended = after(GRANTED, AMEND, AMENDED)[-1]
    assert isinstance(amended, CompensationAmended)
    assert amended.rule_version == "introduktionsjobb/2026-01-01"
    assert amended.economy is not None
    assert amended.economy.credit_per_month == Decimal("15770.40")
    assert amended.economy.credit_in_all == 6 * Decimal("21027.20") + 6 * Decimal("15770.40")


def test_a_longer_time_is_a_new_decision_and_an_earlier_end_is_not() -> None:
    longer = replace(AMEND, change=Change(date(2026, 9, 1), ends_on=date(2027, 3, 31)))
    given(*GRANTED).when(longer).then_refused("extension-is-a-new-decision")
    earlier = replace(AMEND, change=Change(date(2026, 8, 3), ends_on=date(2026, 12, 31)))
    assert COMPENSATION.fold(after(GRANTED, earlier, AMENDED)).ends_on == date(2026, 12, 31)
    given(*GRANTED).when(replace(AMEND, change=Change(date(2027, 3, 1), Decimal("0.5")))).then_refused(
        "amendment-outside-decision"
    )
    given(*GRANTED).when(replace(AMEND, change=Change(date(2026, 9, 1), Decimal(1)))).then_refused("amendment-empty")


def test_an_amendment_back_in_time_makes_the_computed_month_wrong() -> None:
    back = replace(AMEND, change=Change(date(2026, 3, 16), Decimal("0.5"), Decimal(12000)))
    assert isinstance(after(CREDITED, back, AMENDED)[-1], CorrectionNeeded)


def test_a_revocation_ends_the_support_and_later_months_are_refused() -> None:
    revoked = after(GRANTED, REVOKE, REVOKED)
    assert state(revoked) is State.REVOKED
    june = replace(CLAIM, work_month=date(2026, 6, 1), received_on=date(2026, 7, 8))
    given(*revoked).when(june).then_refused("work-month-outside-decision")
    given(*revoked).when(AMEND).then_refused("decision-revoked")


def test_a_review_is_asked_for_within_three_weeks_of_receipt() -> None:
    received = after(GRANTED, RECEIPT)  # Monday 23 February, so until Monday 16 March
    given(*received).when(replace(REVIEW, requested_on=date(2026, 3, 17))).then_refused("review-too-late")
    assert state(after(received, REVIEW)) is State.UNDER_REVIEW
    participant = RequestReview(Party.PARTICIPANT, date(2026, 12, 1))  # it has not received the decision
    assert state(after(received, participant)) is State.UNDER_REVIEW


def test_a_review_is_decided_by_somebody_else_and_never_to_the_partys_detriment() -> None:
    under_review = after(GRANTED, RECEIPT, REVIEW)
    for person in ("af-handlaggare-1", "af-handlaggare-2"):
        given(*under_review).when(replace(REVIEWED, reviewed_by=person)).then_refused("reviewer-took-part")
    worse = Change(date(2026, 9, 1), Decimal("0.5"), Decimal(12000))
    given(*under_review).when(replace(CHANGED, change=worse)).then_refused("review-to-detriment")
    shorter = Change(date(2026, 9, 1), ends_on=date(2026, 12, 31))
    given(*under_review).when(replace(CHANGED, change=shorter)).then_refused("review-to-detriment")
    given(*under_review).when(AMEND).then_refused("decision-under-review")


def test_a_refusal_that_falls_is_granted_under_the_rules_of_its_day() -> None:
    refused = after((APPLIED, CHECKED), REFUSE, RECEIPT, REVIEW)
    granted, _ = after(refused, CHANGED)[-2:]
    assert isinstance(granted, CompensationApproved)
    assert (granted.attested_by, granted.decided_on) == (THREE, CHANGED.decided_on)
    assert state(after(refused, CHANGED)) is State.GRANTED


def test_an_appeal_comes_after_the_review_and_a_refusal_may_come_back() -> None:
    refused = after((APPLIED, CHECKED), REFUSE, RECEIPT)
    given(*refused).when(APPEAL).then_refused("review-first")
    appealed = after(refused, REVIEW, REVIEWED, APPEAL)
    remanded = after(appealed, RecordJudgment(date(2026, 9, 1), AppealOutcome.REMANDED))
    assert state(remanded) is State.APPLIED
    anew = CheckApplication("af-handlaggare-4", date(2026, 9, 2)), ApproveCompensation(THREE, date(2026, 9, 3))
    assert state(after(remanded, *anew)) is State.GRANTED


def test_a_lifted_revocation_is_as_if_it_had_never_been() -> None:
    asked = RequestReview(Party.EMPLOYER, date(2026, 6, 10))
    lifted = after(GRANTED, REVOKE, REVOKED, asked, replace(CHANGED, decided_on=date(2026, 6, 20)))
    assert state(lifted) is State.GRANTED


def test_a_decision_expires_after_its_last_day_and_its_months_can_still_be_claimed() -> None:
    given(*GRANTED).when(ExpireCompensation(date(2027, 2, 28))).then_refused("not-over-yet")
    expired = after(GRANTED, ExpireCompensation(date(2027, 3, 1)))
    assert state(expired) is State.EXPIRED
    february = replace(CLAIM, work_month=date(2027, 2, 1), received_on=date(2027, 3, 8))
    assert len(after(expired, february)) == len(expired) + 2


def test_other_hours_ask_for_an_amendment_once() -> None:
    change = NoteEmploymentChange(date(2026, 9, 1), Decimal("0.75"), date(2027, 2, 28), Decimal(18000))
    needed = after(GRANTED, change)
    given(*needed).when(change).then_nothing()
    assert COMPENSATION.fold(after(needed, AMEND, AMENDED)).change_needed is None
    given(APPLIED).when(change).then_nothing()


def test_who_prepared_an_amendment_never_decides_it() -> None:
    prepared = after(GRANTED, AMEND)
    given(*prepared).when(replace(AMENDED, attested_by=AMEND.prepared_by)).then_refused(
        "same-person-prepares-and-attests"
    )
    given(*after(prepared, AMENDED)).when(AMENDED).then_nothing()
    given(*GRANTED).when(replace(APPROVE, attested_by="af-handlaggare-1")).then_refused("already-decided")
