"""Claiming and crediting a work month (domain.md section 6, stories 1, 5 and 6)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from samverkan.funding.amounts import Segment, claim_amounts
from samverkan.funding.compensation.claim import CreditClaim, SubmitClaim
from samverkan.funding.compensation.examples import APPLIED, APPROVED, CASE, CHECKED, GRANTED, MARCH, RULES, given
from samverkan.schemas.funding import (
    ClaimAmounts,
    ClaimBasis,
    ClaimCalculated,
    ClaimCredited,
    ClaimForfeited,
    ClaimSubmitted,
    CreditedAmount,
)
from samverkan.schemas.participant import Programme

FULL = Decimal(1)
SUBMIT = SubmitClaim(MARCH, Decimal(24000), date(2026, 4, 8), started_on=date(2026, 3, 2))


def amounts(month: date, first: date, last: date, gross: Decimal = Decimal(24000)) -> ClaimAmounts:
    """What the month must give; test_amounts.py holds the figures themselves to the domain."""
    rule = RULES.subsidy(Programme.INTRODUKTIONSJOBB, date(2026, 2, 20))
    return claim_amounts(rule, RULES.contributions(month, 1988), month, gross, [Segment(FULL, first, last)])


MARCH_AMOUNTS = amounts(MARCH, date(2026, 3, 2), date(2026, 3, 31))
SUBMITTED = ClaimSubmitted(
    case_id=CASE,
    work_month=MARCH,
    received_on=date(2026, 4, 8),
    supported_from=date(2026, 3, 2),
    supported_until=date(2026, 3, 31),
    economy=ClaimBasis(gross_paid=Decimal(24000)),
)
CALCULATED = ClaimCalculated(
    case_id=CASE,
    work_month=MARCH,
    credit_by=date(2026, 5, 12),
    rule_version="introduktionsjobb/2026-01-01",
    economy=MARCH_AMOUNTS,
)
CREDITED = ClaimCredited(
    case_id=CASE, work_month=MARCH, credited_on=date(2026, 5, 12), economy=CreditedAmount(credit=Decimal("21027.20"))
)


def test_timra_a_claimed_month_is_computed_to_the_ore() -> None:
    given(*GRANTED).when(SUBMIT).then(SUBMITTED, CALCULATED)
    assert MARCH_AMOUNTS.credit == Decimal("21027.20")
    assert MARCH_AMOUNTS.own_cost == Decimal("10513.60")


def test_any_day_of_the_month_names_the_work_month() -> None:
    given(*GRANTED).when(replace(SUBMIT, work_month=date(2026, 3, 17))).then(SUBMITTED, CALCULATED)


def test_the_same_claim_twice_is_one_and_another_for_the_month_is_refused() -> None:
    given(*GRANTED, SUBMITTED, CALCULATED).when(SUBMIT).then_nothing()
    corrected = replace(SUBMIT, gross_paid=Decimal(23000))
    given(*GRANTED, SUBMITTED, CALCULATED).when(corrected).then_refused("already-claimed")


def test_the_last_day_to_claim_march_is_a_monday_and_the_tuesday_forfeits() -> None:
    monday, tuesday = date(2026, 9, 28), date(2026, 9, 29)  # 180 days end on Sunday 27 September
    in_time = CALCULATED.model_copy(update={"credit_by": date(2026, 10, 12)})
    given(*GRANTED).when(replace(SUBMIT, received_on=monday)).then(
        SUBMITTED.model_copy(update={"received_on": monday}), in_time
    )
    given(*GRANTED).when(replace(SUBMIT, received_on=tuesday)).then(
        SUBMITTED.model_copy(update={"received_on": tuesday}),
        ClaimForfeited(
            case_id=CASE,
            work_month=MARCH,
            received_on=tuesday,
            last_day_on=monday,
            economy=CreditedAmount(credit=Decimal("21027.20")),
        ),
    )


def test_story_5_january_is_forfeited_on_31_july() -> None:
    january = date(2026, 1, 1)
    dates = {"starts_on": january, "ends_on": date(2026, 12, 31), "decided_on": date(2025, 12, 18)}
    applied = APPLIED.model_copy(update={k: v for k, v in dates.items() if k != "decided_on"})
    approved = APPROVED.model_copy(update={**dates, "rule_version": "introduktionsjobb/2022-01-01"})
    late = SubmitClaim(january, Decimal(24000), date(2026, 7, 31), started_on=january)
    submitted = SUBMITTED.model_copy(
        update={
            "work_month": january,
            "received_on": date(2026, 7, 31),
            "supported_from": january,
            "supported_until": date(2026, 1, 31),
        }
    )
    given(applied, CHECKED, approved).when(late).then(
        submitted,
        ClaimForfeited(
            case_id=CASE,
            work_month=january,
            received_on=date(2026, 7, 31),
            last_day_on=date(2026, 7, 30),
            economy=CreditedAmount(credit=Decimal("21027.20")),
        ),
    )


def test_a_forfeited_claim_is_never_credited() -> None:
    forfeited = ClaimForfeited(
        case_id=CASE, work_month=MARCH, received_on=date(2026, 9, 29), last_day_on=date(2026, 9, 28)
    )
    given(*GRANTED, SUBMITTED, forfeited).when(CreditClaim(MARCH, date(2026, 10, 12))).then_refused("claim-forfeited")


def test_story_6_only_days_until_the_known_end_are_supported() -> None:
    ended = replace(SUBMIT, gross_paid=Decimal(12000), last_day_on=date(2026, 3, 16))
    until_16th = amounts(MARCH, date(2026, 3, 2), date(2026, 3, 16), Decimal(12000))
    assert until_16th.credit == Decimal("10513.60")
    given(*GRANTED).when(ended).then(
        SUBMITTED.model_copy(
            update={"supported_until": date(2026, 3, 16), "economy": ClaimBasis(gross_paid=Decimal(12000))}
        ),
        CALCULATED.model_copy(update={"economy": until_16th}),
    )


def test_a_month_outside_the_decision_or_after_the_end_is_refused() -> None:
    given(*GRANTED).when(replace(SUBMIT, work_month=date(2026, 2, 1))).then_refused("work-month-outside-decision")
    march_2027 = replace(SUBMIT, work_month=date(2027, 3, 1), received_on=date(2027, 4, 8))
    given(*GRANTED).when(march_2027).then_refused("work-month-outside-decision")
    april = replace(SUBMIT, work_month=date(2026, 4, 1), received_on=date(2026, 5, 8), last_day_on=date(2026, 3, 16))
    given(*GRANTED).when(april).then_refused("work-month-outside-decision")


def test_nothing_is_claimed_for_a_placement_that_has_not_started() -> None:
    given(*GRANTED).when(replace(SUBMIT, started_on=None)).then_refused("placement-not-started")


def test_nothing_is_claimed_before_the_grant() -> None:
    given(APPLIED, CHECKED).when(SUBMIT).then_refused("not-granted")
    given(APPLIED, CHECKED).when(CreditClaim(MARCH, date(2026, 5, 12))).then_refused("not-granted")


def test_impossible_claims_are_refused() -> None:
    given(*GRANTED).when(replace(SUBMIT, gross_paid=Decimal("-0.01"))).then_refused("gross-invalid")
    given(*GRANTED).when(replace(SUBMIT, received_on=date(2026, 2, 28))).then_refused("claim-before-work-month")
    given(*GRANTED).when(replace(SUBMIT, other_reduction=True)).then_refused("fee-reduction-unsupported")


def test_a_decision_under_rules_newer_than_ours_is_not_guessed_at() -> None:
    newer = APPROVED.model_copy(update={"rule_version": "introduktionsjobb/2030-01-01"})
    given(APPLIED, CHECKED, newer).when(SUBMIT).then_refused("rule-version-unknown")


def test_without_readable_economy_nothing_is_computed() -> None:
    unreadable = APPLIED.model_copy(update={"economy": None})
    given(unreadable, CHECKED, APPROVED).when(SUBMIT).then_refused("economy-unreadable")


def test_a_calculated_claim_is_credited_once() -> None:
    credit = CreditClaim(MARCH, date(2026, 5, 12))
    given(*GRANTED, SUBMITTED, CALCULATED).when(credit).then(CREDITED)
    given(*GRANTED, SUBMITTED, CALCULATED, CREDITED).when(credit).then_nothing()
    other_day = replace(credit, credited_on=date(2026, 5, 13))
    given(*GRANTED, SUBMITTED, CALCULATED, CREDITED).when(other_day).then_refused("already-credited")


def test_a_credit_needs_a_claim_and_comes_after_it() -> None:
    given(*GRANTED).when(CreditClaim(MARCH, date(2026, 5, 12))).then_refused("not-claimed")
    early = CreditClaim(MARCH, date(2026, 4, 7))
    given(*GRANTED, SUBMITTED, CALCULATED).when(early).then_refused("credited-before-claim")


def test_the_pay_month_after_decides_the_contributions() -> None:
    economy = APPLIED.economy.model_copy(update={"birth_year": 2005}) if APPLIED.economy else None
    young = APPLIED.model_copy(update={"economy": economy, "pay_months_later": 1})
    contributions = RULES.contributions(date(2026, 4, 1), 2005)
    rule = RULES.subsidy(Programme.INTRODUKTIONSJOBB, date(2026, 2, 20))
    supported = [Segment(FULL, date(2026, 3, 2), date(2026, 3, 31))]
    reduced = claim_amounts(rule, contributions, MARCH, Decimal(24000), supported)
    assert reduced.credit == Decimal("19329.60")
    given(young, CHECKED, APPROVED).when(SUBMIT).then(SUBMITTED, CALCULATED.model_copy(update={"economy": reduced}))
