"""Referral."""

from dataclasses import replace
from datetime import date

import pytest

from samverkan.intake.case.case import decide
from samverkan.intake.case.evolve import evolve
from samverkan.intake.case.examples import FEBRUARY_2, FEBRUARY_3, REFERRED, TIMRA, given
from samverkan.intake.case.state import Case
from samverkan.intake.person_number import parse
from samverkan.schemas.participant import (
    Contact,
    Identity,
    Programme,
    ReferralReason,
    ReferralRepeated,
)


def test_the_first_referral_opens_the_case() -> None:
    given().when(TIMRA).then(REFERRED)


def test_the_same_referral_again_changes_nothing() -> None:
    given(REFERRED).when(TIMRA).then_nothing()
    given(REFERRED).when(replace(TIMRA, agencies_needed=("af", "kommun", "af"))).then_nothing()


@pytest.mark.parametrize(
    "differently",
    [
        {"referred_by": "af"},
        {"received_on": FEBRUARY_3},
        {"programme": Programme.ARBETSMARKNADSTORGET},
        {"agencies_needed": ("af", "fk", "kommun")},
    ],
)
def test_another_referral_of_the_same_person_is_added_to_the_case(differently: dict[str, object]) -> None:
    (repeated,) = decide(replace(TIMRA, **differently), evolve(Case(), REFERRED))  # type: ignore[arg-type]
    assert isinstance(repeated, ReferralRepeated)
    for name, value in differently.items():
        assert getattr(repeated, name) == value


def test_nothing_that_a_repeated_referral_said_is_lost() -> None:
    contact = Contact(language="sv", needs_interpreter=False)
    again = replace(TIMRA, name="Test Testsson", contact=contact, reason="Behöver stöd")
    repeated = ReferralRepeated(
        programme=Programme.INTRODUKTIONSJOBB,
        referred_by="kommun",
        agencies_needed=("af", "kommun"),
        received_on=FEBRUARY_2,
        identity=Identity(person_number="198808112380", name="Test Testsson"),
        contact=contact,
        health=ReferralReason(reason="Behöver stöd"),
    )
    given(REFERRED).when(again).then(repeated)
    given(REFERRED, repeated).when(again).then_nothing()
    given(REFERRED, repeated).when(TIMRA).then_nothing()


def test_a_referral_by_or_to_an_unknown_agency_is_refused() -> None:
    given().when(replace(TIMRA, referred_by="skatteverket")).then_refused("agency-unknown")
    given().when(replace(TIMRA, agencies_needed=("af", "skatteverket"))).then_refused("agency-unknown")


def test_no_referral_waits_for_an_agency_that_may_see_counts_only() -> None:
    given().when(replace(TIMRA, agencies_needed=("af", "forbund"))).then_refused("agency-sees-counts-only")
    given().when(replace(TIMRA, referred_by="forbund")).then_refused("agency-sees-counts-only")


def test_nobody_is_referred_before_being_born() -> None:
    newborn = replace(TIMRA, person=parse("202601612381"))
    given().when(replace(newborn, received_on=date(2025, 12, 31))).then_refused("born-after-referral")
    assert decide(replace(newborn, received_on=date(2026, 1, 1)), Case())
