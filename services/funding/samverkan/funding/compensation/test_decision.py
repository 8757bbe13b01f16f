"""Applying, checking and deciding: two persons, one application per placement."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.compensation import compensation_id, compensation_under, refusal
from samverkan.funding.compensation.decision import (
    ApproveCompensation,
    CheckApplication,
    RefusalGround,
    RefuseCompensation,
)
from samverkan.funding.compensation.examples import (
    APPLIED,
    APPLY,
    APPROVE,
    APPROVED,
    CASE,
    CHECK,
    CHECKED,
    CONDITIONS,
    DECIDED,
    GRANTED,
    PLACEMENT,
    RULES,
    TERMS,
    given,
)
from samverkan.schemas.funding import Basis, CompensationApproved, CompensationReactionRefused, CompensationRefused
from samverkan.schemas.participant import Programme

REFUSE = RefuseCompensation("af-handlaggare-2", DECIDED, RefusalGround.EMPLOYER_NOT_ELIGIBLE)
REFUSED = CompensationRefused(
    case_id=CASE,
    placement_id=PLACEMENT,
    decided_on=DECIDED,
    code="employer-not-eligible",
    attested_by="af-handlaggare-2",
)


def test_the_employer_applies_for_an_agreed_placement() -> None:
    given().when(APPLY).then(APPLIED)


def test_the_same_application_twice_is_one() -> None:
    given(APPLIED).when(APPLY).then_nothing()


def test_another_application_for_the_placement_is_refused() -> None:
    given(APPLIED).when(replace(APPLY, applied_on=date(2026, 2, 17))).then_refused("already-applied")
    given(APPLIED).when(replace(APPLY, terms=replace(TERMS, birth_year=1989))).then_refused("already-applied")


def test_two_applications_for_one_placement_meet_in_one_stream() -> None:
    assert compensation_id(PLACEMENT) == compensation_id(PLACEMENT)
    assert compensation_id(PLACEMENT) != compensation_id(CASE)


def test_an_application_that_could_never_be_granted_is_refused() -> None:
    practice = replace(TERMS, form=Programme.ARBETSPRAKTIK)
    given().when(replace(APPLY, terms=practice)).then_refused("form-without-wage")
    thirteen_months = replace(TERMS, ends_on=date(2027, 3, 31))
    given().when(replace(APPLY, terms=thirteen_months)).then_refused("period-too-long")
    given().when(replace(APPLY, terms=replace(TERMS, birth_year=1958))).then_refused("rule-not-verified")


def test_a_handlaggare_prepares_the_decision() -> None:
    given(APPLIED).when(CHECK).then(CHECKED)
    given(APPLIED, CHECKED).when(CHECK).then_nothing()


def test_an_application_is_checked_once_and_not_before_it_came() -> None:
    other = CheckApplication("af-handlaggare-3", date(2026, 2, 18))
    given().when(CHECK).then_refused("not-applied")
    given(APPLIED, CHECKED).when(other).then_refused("already-checked")
    given(*GRANTED).when(other).then_refused("already-decided")
    given(APPLIED).when(replace(CHECK, checked_on=date(2026, 2, 15))).then_refused("checked-before-application")


def test_timra_is_granted_with_its_amounts() -> None:
    given(APPLIED, CHECKED).when(APPROVE).then(APPROVED)


def test_the_decision_day_fixes_the_rule_version() -> None:
    applied = APPLIED.model_copy(update={"applied_on": date(2021, 2, 1)})
    checked = CHECKED.model_copy(update={"checked_on": date(2021, 2, 2)})
    when = given(applied, checked).when(replace(APPROVE, decided_on=date(2021, 2, 20)))
    when.then(
        APPROVED.model_copy(
            update={
                "decided_on": date(2021, 2, 20),
                "rule_version": "introduktionsjobb/2020-05-01",
                "rule_source": "SFS 2018:42, SFS 2020:224",
            }
        )
    )


def test_a_decision_may_come_after_the_planned_start() -> None:
    late = date(2026, 3, 5)  # story 4: the decision stands, placement refuses the start
    when = given(APPLIED, CHECKED).when(replace(APPROVE, decided_on=late))
    when.then(APPROVED.model_copy(update={"decided_on": late}))


def test_who_prepares_never_attests() -> None:
    same = "af-handlaggare-1"
    given(APPLIED, CHECKED).when(ApproveCompensation(same, DECIDED)).then_refused("same-person-prepares-and-attests")
    given(APPLIED, CHECKED).when(replace(REFUSE, attested_by=same)).then_refused("same-person-prepares-and-attests")


def test_nothing_is_decided_before_it_is_checked() -> None:
    given(APPLIED).when(APPROVE).then_refused("not-checked")
    given(APPLIED).when(REFUSE).then_refused("not-checked")
    given().when(APPROVE).then_refused("not-applied")
    given(APPLIED, CHECKED).when(replace(APPROVE, decided_on=date(2026, 2, 17))).then_refused("decided-before-check")


def test_a_refusal_names_its_ground() -> None:
    given(APPLIED, CHECKED).when(REFUSE).then(REFUSED)


def test_a_decision_is_taken_once() -> None:
    given(*GRANTED).when(APPROVE).then_nothing()
    given(*GRANTED).when(REFUSE).then_refused("already-decided")
    given(APPLIED, CHECKED, REFUSED).when(REFUSE).then_nothing()
    given(APPLIED, CHECKED, REFUSED).when(APPROVE).then_refused("already-decided")


def test_without_readable_economy_nothing_is_granted_but_may_be_refused() -> None:
    unreadable = APPLIED.model_copy(update={"economy": None})
    given(unreadable, CHECKED).when(APPROVE).then_refused("economy-unreadable")
    given(unreadable, CHECKED).when(REFUSE).then(REFUSED)


def test_the_monthly_amounts_follow_the_extent() -> None:
    basis = Basis(gross_per_month=Decimal(12000), birth_year=1988)
    half_time = APPLIED.model_copy(update={"extent": Decimal("0.5"), "economy": basis})
    compensation = compensation_under(RULES, CONDITIONS)
    (approved,) = compensation.decide(APPROVE, compensation.fold([half_time, CHECKED]))
    assert isinstance(approved, CompensationApproved)
    assert approved.economy is not None
    assert approved.economy.credit_per_month == Decimal("10513.60")


def test_a_refused_reaction_is_recorded_with_its_command_and_code() -> None:
    refused = refusal(CHECK, Refused("already-checked"))
    assert refused == CompensationReactionRefused(command="CheckApplication", code="already-checked")
    given(*GRANTED, refused).when(APPROVE).then_nothing()
