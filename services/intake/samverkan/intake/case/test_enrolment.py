"""Enrolment, with the persons of stories 1 and 3."""

from dataclasses import replace
from datetime import date

import pytest

from samverkan.intake.case.case import decide
from samverkan.intake.case.enrolment import EnrolParticipant
from samverkan.intake.case.examples import (
    ASSESSED,
    CONSENTED,
    ENROL,
    ENROL_YOUNG,
    ENROLLED,
    READY,
    REFERRED,
    SKELLEFTEA,
    consent,
    given,
)
from samverkan.schemas.participant import (
    Identity,
    ParticipantEnrolled,
    Programme,
    ReferralRepeated,
)


def test_timra_enrols_who_is_in_the_job_guarantee() -> None:
    given(*READY).when(ENROL).then(ENROLLED)


def test_skelleftea_enrols_a_young_person_who_needs_several_agencies() -> None:
    (enrolled,) = decide(ENROL_YOUNG, given(SKELLEFTEA, *CONSENTED, ASSESSED).state)
    assert isinstance(enrolled, ParticipantEnrolled)
    assert enrolled.employment is not None
    assert [criterion.finding for criterion in enrolled.employment.criteria] == ["met", "met", "met"]
    assert enrolled.employment.criteria[0].evidence == "age on the day of referral: 26"


def test_the_same_enrolment_twice_is_one() -> None:
    given(*READY, ENROLLED).when(ENROL).then_nothing()


def test_another_day_for_the_same_programme_is_refused() -> None:
    given(*READY, ENROLLED).when(replace(ENROL, enrolled_on=date(2026, 2, 11))).then_refused("already-enrolled")


def test_enrolment_needs_the_consent_for_every_agency_whose_support_is_needed() -> None:
    given(REFERRED, consent("kommun"), ASSESSED).when(ENROL).then_refused("consent-missing")


def test_enrolment_needs_an_assessment() -> None:
    given(REFERRED, *CONSENTED).when(ENROL).then_refused("assessment-missing")


def test_enrolment_is_for_a_programme_that_the_person_was_referred_to() -> None:
    given(*READY).when(ENROL_YOUNG).then_refused("programme-not-referred")


def test_enrolment_is_not_before_the_referral_arrived() -> None:
    given(*READY).when(replace(ENROL, enrolled_on=date(2026, 2, 1))).then_refused("enrolled-before-referral")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(ENROL_YOUNG, unemployed=False), "not-unemployed"),
        (replace(ENROL_YOUNG, unemployed=None), "eligibility-unknown"),
    ],
)
def test_who_is_not_found_eligible_for_arbetsmarknadstorget_is_refused(command: EnrolParticipant, code: str) -> None:
    given(SKELLEFTEA, *CONSENTED, ASSESSED).when(command).then_refused(code)


def test_age_counts_on_the_day_of_referral() -> None:
    """Born 1996-10-20: 29 on 2026-10-19, too old the day after."""
    born_1996 = Identity(person_number="199610202385")
    in_time = SKELLEFTEA.model_copy(update={"identity": born_1996, "received_on": date(2026, 10, 19)})
    too_late = SKELLEFTEA.model_copy(update={"identity": born_1996, "received_on": date(2026, 10, 20)})
    command = replace(ENROL_YOUNG, enrolled_on=date(2026, 12, 1))
    assert decide(command, given(in_time, *CONSENTED, ASSESSED).state)
    given(too_late, *CONSENTED, ASSESSED).when(command).then_refused("age-outside-programme")


def test_of_several_referrals_to_the_programme_the_first_day_counts() -> None:
    """29 when the first one came, 30 when it was repeated."""
    first = SKELLEFTEA.model_copy(
        update={"identity": Identity(person_number="199610202385"), "received_on": date(2026, 10, 19)}
    )
    again = ReferralRepeated(
        programme=Programme.ARBETSMARKNADSTORGET,
        referred_by="af",
        agencies_needed=("af",),
        received_on=date(2026, 11, 2),
    )
    command = replace(ENROL_YOUNG, enrolled_on=date(2026, 12, 1))
    assert decide(command, given(first, again, *CONSENTED, ASSESSED).state)


def test_who_needs_one_agency_only_is_refused_at_arbetsmarknadstorget() -> None:
    alone = SKELLEFTEA.model_copy(update={"agencies_needed": ("kommun",)})
    given(alone, *CONSENTED, ASSESSED).when(ENROL_YOUNG).then_refused("too-few-agencies")


def test_who_is_in_no_target_group_is_refused_at_introduktionsjobb() -> None:
    outside = replace(ENROL, in_job_programme=False, youth_guarantee_days=0, newly_arrived=False)
    given(*READY).when(outside).then_refused("outside-target-group")


def test_an_unreadable_identity_leaves_the_age_unknown() -> None:
    nobody = SKELLEFTEA.model_copy(update={"identity": None})
    given(nobody, *CONSENTED, ASSESSED).when(ENROL_YOUNG).then_refused("eligibility-unknown")


def test_a_programme_without_a_known_rule_is_refused() -> None:
    old = {"programme": Programme.LONEBIDRAG_TRYGGHET, "received_on": date(2019, 12, 2)}
    command = replace(ENROL, programme=Programme.LONEBIDRAG_TRYGGHET, enrolled_on=date(2019, 12, 9))
    given(REFERRED.model_copy(update=old), *CONSENTED, ASSESSED).when(command).then_refused("rule-not-verified")


def test_nobody_is_enrolled_in_a_repealed_programme() -> None:
    referred = REFERRED.model_copy(update={"programme": Programme.EXTRATJANST})
    command = replace(ENROL, programme=Programme.EXTRATJANST)
    given(referred, *CONSENTED, ASSESSED).when(command).then_refused("programme-repealed")


def test_age_counts_on_the_day_of_enrolment_at_nystartsjobb() -> None:
    """24 when referred and on 4 January, 25 on the day after: then other months of absence count."""
    referred = REFERRED.model_copy(
        update={
            "programme": Programme.NYSTARTSJOBB,
            "identity": Identity(person_number="200001052380"),
            "received_on": date(2024, 12, 20),
        }
    )
    command = replace(ENROL, programme=Programme.NYSTARTSJOBB, in_job_programme=False, newly_arrived=False)
    at_24 = replace(command, enrolled_on=date(2025, 1, 4), absent_months_of_9=6)
    at_25 = replace(at_24, enrolled_on=date(2025, 1, 5))
    assert decide(at_24, given(referred, *CONSENTED, ASSESSED).state)
    given(referred, *CONSENTED, ASSESSED).when(at_25).then_refused("eligibility-unknown")
