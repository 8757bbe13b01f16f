"""A month too much: corrected, heard, asked back, settled (domain.md section 6, story 6). The table has every pair."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.claim import CreditClaim
from samverkan.funding.compensation.claim_state import ZERO, Claim, ClaimState
from samverkan.funding.compensation.compensation import compensation_under
from samverkan.funding.compensation.correction import AttestCorrection, PrepareCorrection
from samverkan.funding.compensation.examples import CONDITIONS, GRANTED, MARCH, RULES, given
from samverkan.funding.compensation.instalments import RecordRepayment, schedule
from samverkan.funding.compensation.notice import NoticeGround, PrepareNotice, Recipient
from samverkan.funding.compensation.reopening import AttestReopening, PrepareReopening, ReopeningGround
from samverkan.funding.compensation.set_off import WithholdCredit
from samverkan.funding.compensation.table import (
    AMEND,
    AMENDED,
    ANSWER,
    CLAIM,
    CORRECT,
    CORRECTED,
    CREDIT,
    CREDITED,
    ENDED,
    HALF,
    HEAR,
    IN_RECOVERY,
    INSTALMENTS,
    LATE,
    ONE,
    ORDER,
    OTHER,
    OVERPAID,
    RECOVER,
    REPAY,
    RESERVE,
    SOURCE,
    TWO,
    WAIVE,
    WAIVED,
    after,
)
from samverkan.schemas.credit_orders import ClaimNotOrdered
from samverkan.schemas.event import Event
from samverkan.schemas.recovery import (
    ClaimCorrected,
    CorrectionCause,
    CorrectionNeeded,
    RecoveryPrepared,
    WithholdingDeclined,
    WrongPaymentNoticePrepared,
)

COMPENSATION = compensation_under(RULES, CONDITIONS)


def march(*events: Event) -> Claim:
    return COMPENSATION.fold(events).claims[MARCH]


def test_an_end_makes_the_credited_month_wrong_and_says_so_once() -> None:
    events = after(CREDITED, ENDED)
    assert events[-1] == CorrectionNeeded(work_month=MARCH, cause=CorrectionCause.EMPLOYMENT_ENDED)
    given(*events).when(ENDED).then_nothing()


def test_an_end_after_the_supported_days_makes_nothing_wrong() -> None:
    events = after(CREDITED, replace(ENDED, last_day_on=date(2026, 3, 31)))
    assert not any(isinstance(event, CorrectionNeeded) for event in events)


def test_story_6_half_was_right() -> None:
    claim = march(*OVERPAID)
    assert (claim.state, claim.credit, claim.excess, claim.due) == (ClaimState.CORRECTED, HALF, HALF, ZERO)
    assert march(*after(CREDITED, ENDED)).state is ClaimState.CREDITED


def test_a_month_that_is_known_to_be_wrong_is_not_ordered() -> None:
    events = after(GRANTED, CLAIM, ENDED)
    (answer,) = COMPENSATION.decide(ORDER, COMPENSATION.fold(events))
    assert answer == ClaimNotOrdered(order_id=ORDER.order_id, work_month=MARCH, part=0, code="correction-first")
    given(*events, answer).when(ORDER).then_nothing()  # an answer is given once


def test_a_correction_before_the_credit_only_changes_what_is_credited() -> None:
    events = after(GRANTED, CLAIM, ENDED, CORRECT, CORRECTED, CREDIT)
    claim = march(*events)
    assert (claim.paid, claim.excess, claim.state) == (HALF, ZERO, ClaimState.CORRECTED)


def test_a_reversed_correction_leaves_nothing_owed_and_nothing_due() -> None:
    back = replace(CORRECT, gross_paid=Decimal(24000), cause=CorrectionCause.MISCALCULATED, last_day_on=None)
    ended_late = replace(ENDED, last_day_on=date(2026, 3, 31))
    events = after(OVERPAID, ended_late, back, replace(CORRECTED, decided_on=date(2026, 6, 4)))
    claim = march(*events)
    assert (claim.credit, claim.excess, claim.due) == (Decimal("21027.20"), ZERO, ZERO)


def test_what_was_recovered_is_due_again_when_the_correction_falls() -> None:
    events = after(IN_RECOVERY, REPAY, replace(ENDED, last_day_on=date(2026, 3, 31)))
    back = replace(CORRECT, gross_paid=Decimal(24000), last_day_on=None, prepared_on=date(2026, 8, 3))
    events = after(events, back, replace(CORRECTED, decided_on=date(2026, 8, 4)))
    assert march(*events).due == HALF
    given(*events).when(CREDIT).then_refused("credited-that-day")
    claim = march(*after(events, CreditClaim(MARCH, date(2026, 9, 14))))
    assert (claim.part, claim.due, claim.excess) == (2, ZERO, ZERO)


def test_recovery_needs_a_hearing_fault_and_another_person() -> None:
    given(*OVERPAID).when(RECOVER).then_refused("party-not-heard")
    heard = after(OVERPAID, HEAR)
    given(*heard).when(replace(RECOVER, prepared_on=HEAR.answer_by)).then_refused("hearing-still-open")
    in_time = replace(RECOVER, prepared_on=date(2026, 6, 18))  # its time to answer has passed
    assert isinstance(after(heard, in_time)[-1], RecoveryPrepared)
    given(*after(heard, ANSWER)).when(replace(RECOVER, fault=None)).then_refused("recovery-without-fault")


def test_a_new_correction_asks_for_a_new_hearing() -> None:
    again = replace(CORRECT, gross_paid=Decimal(11000), prepared_on=date(2026, 7, 1))
    events = after(IN_RECOVERY, again, replace(CORRECTED, decided_on=date(2026, 7, 2)))
    assert march(*events).state is ClaimState.CORRECTED
    given(*events).when(replace(RECOVER, prepared_on=date(2026, 7, 3))).then_refused("party-not-heard")


def test_a_waiver_ends_it_by_two_persons() -> None:
    prepared = after(OVERPAID, WAIVE)
    given(*prepared).when(replace(WAIVED, attested_by=ONE)).then_refused("same-person-prepares-and-attests")
    assert march(*after(prepared, WAIVED)).state is ClaimState.WAIVED


def test_instalments_carry_the_published_rate_and_two_points() -> None:
    events = after(IN_RECOVERY, INSTALMENTS)
    plan = march(*events).plan
    assert plan is not None
    assert plan.rate == Decimal("0.0385")
    assert [part.principal for part in plan.instalments] == [Decimal("3504.53"), Decimal("3504.53"), Decimal("3504.54")]
    assert [part.interest for part in plan.instalments] == [Decimal("12.20"), Decimal("22.92"), Decimal("11.09")]
    given(*IN_RECOVERY).when(replace(INSTALMENTS, lending_rate=None)).then_refused("lending-rate-missing")


def test_a_repayment_covers_interest_first_and_never_exceeds_the_debt() -> None:
    events = after(IN_RECOVERY, INSTALMENTS, replace(REPAY, amount=Decimal("3516.73")))
    claim = march(*events)
    assert (claim.recovered, claim.owed) == (Decimal("3504.53"), HALF - Decimal("3504.53"))
    given(*events).when(replace(REPAY, amount=HALF, reference="bg-2")).then_refused("repayment-exceeds-debt")
    given(*events).when(replace(REPAY, amount=HALF)).then_refused("reference-used")


@pytest.mark.parametrize("count", [1, 2, 7, 12, 60])
def test_instalments_add_up_to_what_is_owed(count: int) -> None:
    parts = schedule(HALF, Decimal("0.0385"), replace(INSTALMENTS, count=count), date(2026, 7, 20))
    assert sum(part.principal for part in parts) == HALF


def test_no_interest_is_taken_for_the_time_before_the_recovery_should_have_been_paid() -> None:
    """Agreed on 1 July, to be paid by 20 July: 11 days until 31 July, and none at all for a part due before."""
    first = schedule(HALF, Decimal("0.0385"), INSTALMENTS, date(2026, 7, 20))[0]
    assert first.interest == Decimal("12.20")
    early = schedule(HALF, Decimal("0.0385"), replace(INSTALMENTS, first_due_on=date(2026, 7, 10)), date(2026, 7, 20))
    assert early[0].interest == 0
    assert early[1].interest == Decimal("15.53")  # 21 days on two thirds


def test_only_what_is_owed_is_reserved_and_one_credit_is_asked_once() -> None:
    events = after(IN_RECOVERY, replace(RESERVE, at_most=Decimal(4000)))
    given(*events).when(RESERVE).then_nothing()
    june = replace(RESERVE, source=replace(SOURCE, work_month=date(2026, 6, 1)))
    events = after(events, june)
    claim = march(*events)
    assert claim.free == 0
    assert sum(one.amount for one in claim.reserved.values()) == HALF
    july = replace(RESERVE, source=replace(SOURCE, work_month=date(2026, 7, 1)))
    given(*events).when(july).then_refused("nothing-owed")


def test_set_off_is_for_the_same_employer_only() -> None:
    other = replace(RESERVE, source=replace(SOURCE, employer_number="2120002643"))
    given(*IN_RECOVERY).when(other).then_refused("other-employer")
    given(*IN_RECOVERY).when(replace(RESERVE, source=replace(SOURCE, employer_number=None))).then_refused(
        "employer-unreadable"
    )
    itself = replace(RESERVE, compensation_id=OTHER, source=replace(SOURCE, work_month=MARCH))
    given(*IN_RECOVERY).when(itself).then_refused("set-off-against-itself")


def test_a_forfeited_month_is_reopened_by_two_persons() -> None:
    prepare = PrepareReopening(MARCH, ReopeningGround.AUTHORITY_ERROR, "AF svarade sent.", ONE, date(2026, 10, 5))
    events = after(GRANTED, LATE, prepare)
    given(*events).when(AttestReopening(MARCH, ONE, date(2026, 10, 6))).then_refused("same-person-prepares-and-attests")
    claim = march(*after(events, AttestReopening(MARCH, TWO, date(2026, 10, 6))))
    assert (claim.state, claim.credit) == (ClaimState.CALCULATED, Decimal("21027.20"))


def test_a_month_with_two_extents_is_computed_by_segments() -> None:
    """75 % from 14 September: 9 days at full time, 13 at three quarters, of 22."""
    change = replace(AMEND, change=replace(AMEND.change, valid_from=date(2026, 9, 14)))
    claim = replace(CLAIM, work_month=date(2026, 9, 1), gross_paid=Decimal(24000), received_on=date(2026, 10, 8))
    state = COMPENSATION.fold(after(GRANTED, change, AMENDED, claim))
    cap = Decimal(20000) * (9 + Decimal("0.75") * 13) / 22
    assert state.claims[date(2026, 9, 1)].credit == round(cap * Decimal("1.3142") * Decimal("0.8"), 2)


def test_a_correction_that_changes_nothing_is_refused() -> None:
    same = PrepareCorrection(
        MARCH, Decimal(24000), CorrectionCause.MISCALCULATED, ONE, date(2026, 6, 1), date(2026, 3, 2)
    )
    given(*CREDITED).when(same).then_refused("nothing-to-correct")
    given(*CREDITED).when(AttestCorrection(MARCH, TWO, date(2026, 6, 2))).then_refused("nothing-prepared")


def test_a_repayment_without_a_recovery_is_refused() -> None:
    repay = RecordRepayment(MARCH, HALF, date(2026, 7, 31), "bg-9")
    with pytest.raises(Refused) as refused:
        COMPENSATION.decide(repay, COMPENSATION.fold(OVERPAID))
    assert refused.value.code == "not-in-recovery"


def test_a_credit_answers_a_set_off_once_even_after_it_was_paid_out() -> None:
    asked = WithholdCredit(OTHER, MARCH, OTHER, MARCH, Decimal(4000), date(2026, 5, 2))
    paid = after(GRANTED, CLAIM, asked, CREDIT)
    given(*paid).when(asked).then_nothing()
    late = replace(asked, set_off_id=UUID(int=1))
    declined = after(paid, late)
    assert isinstance(declined[-1], WithholdingDeclined)
    given(*declined).when(late).then_nothing()
    assert march(*declined).paid == Decimal("21027.20")


def test_a_correction_takes_back_what_a_recovery_decision_still_asked_for() -> None:
    again = replace(CORRECT, gross_paid=Decimal(11000), prepared_on=date(2026, 7, 1))
    corrected = after(IN_RECOVERY, again, replace(CORRECTED, decided_on=date(2026, 7, 2)))[-1]
    assert isinstance(corrected, ClaimCorrected)
    assert corrected.economy is not None
    assert corrected.economy.recovery_cancelled == HALF


def test_a_waiver_of_what_turns_out_to_be_right_is_none() -> None:
    """Half a month was waived; then the whole month turns out to be right: nothing is owed either way."""
    whole = replace(CORRECT, gross_paid=Decimal(24000), prepared_on=date(2026, 7, 1), last_day_on=None)
    worked_on = replace(ENDED, last_day_on=date(2027, 2, 28))
    events = after(OVERPAID, WAIVE, WAIVED, worked_on, whole, replace(CORRECTED, decided_on=date(2026, 7, 2)))
    corrected, claim = events[-1], march(*events)
    assert isinstance(corrected, ClaimCorrected)
    assert corrected.economy is not None
    assert corrected.economy.waiver_cancelled == HALF
    assert (claim.waived, claim.excess, claim.due) == (ZERO, ZERO, ZERO)


def test_notices_of_one_day_about_two_months_are_two() -> None:
    notice = PrepareNotice(Recipient.FK, NoticeGround.PAY_DIFFERS, date(2026, 6, 4), ONE, MARCH)
    told = after(GRANTED, notice, replace(notice, work_month=date(2026, 4, 15)), notice)
    assert [event.work_month for event in told[3:] if isinstance(event, WrongPaymentNoticePrepared)] == [
        MARCH,
        date(2026, 4, 1),
    ]
