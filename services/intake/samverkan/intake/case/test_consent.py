"""Consent."""

import pytest

from samverkan.intake.case.consent import GiveConsent
from samverkan.intake.case.examples import FEBRUARY_3, REFERRED, consent, given
from samverkan.schemas.event import Compartment
from samverkan.schemas.participant import (
    ConsentGiven,
)


def test_consent_is_recorded_with_its_compartments_in_order() -> None:
    command = GiveConsent(
        "region", "shared-case", frozenset({Compartment.IDENTITY, Compartment.HEALTH}), given_on=FEBRUARY_3
    )
    given(REFERRED).when(command).then(
        ConsentGiven(
            agency="region",
            purpose="shared-case",
            compartments=(Compartment.HEALTH, Compartment.IDENTITY),
            given_on=FEBRUARY_3,
        )
    )


def test_the_same_consent_twice_is_one() -> None:
    command = GiveConsent("af", "shared-case", frozenset({Compartment.IDENTITY}), FEBRUARY_3)
    given(REFERRED, consent("af")).when(command).then_nothing()


def test_consent_to_an_unknown_agency_is_refused() -> None:
    command = GiveConsent("skatteverket", "shared-case", frozenset({Compartment.IDENTITY}), FEBRUARY_3)
    given(REFERRED).when(command).then_refused("agency-unknown")


def test_consent_to_no_compartment_is_refused() -> None:
    given(REFERRED).when(GiveConsent("af", "shared-case", frozenset(), FEBRUARY_3)).then_refused("consent-to-nothing")


@pytest.mark.parametrize(
    ("agency", "compartment"),
    [("fk", Compartment.HEALTH), ("region", Compartment.ECONOMY), ("forbund", Compartment.IDENTITY)],
)
def test_consent_to_what_the_role_may_never_see_is_refused(agency: str, compartment: Compartment) -> None:
    command = GiveConsent(agency, "shared-case", frozenset({compartment}), FEBRUARY_3)
    given(REFERRED).when(command).then_refused("consent-beyond-role")
