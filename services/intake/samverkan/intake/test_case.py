"""The rules of a case, with the persons of stories 1 and 3."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from samverkan.backbone.errors import Refused
from samverkan.backbone.testing.specification import specification
from samverkan.intake.case import (
    Case,
    EnrolParticipant,
    GiveConsent,
    NotePlacement,
    RecordAssessment,
    ReferParticipant,
    decide,
    evolve,
    refusal,
)
from samverkan.intake.person_number import parse
from samverkan.schemas.event import Compartment
from samverkan.schemas.participant import (
    AssessmentRecorded,
    AssessmentScores,
    CaseReactionRefused,
    ConsentGiven,
    Contact,
    CriterionFound,
    Eligibility,
    Identity,
    ParticipantEnrolled,
    ParticipantReferred,
    PlacementNoted,
    Programme,
    ReferralReason,
    ReferralRepeated,
)

given = specification(decide, evolve, Case())

FEBRUARY_2, FEBRUARY_3, FEBRUARY_10 = date(2026, 2, 2), date(2026, 2, 3), date(2026, 2, 10)
PLACEMENT = UUID("00000000-0000-4000-8000-000000000002")
SCORES = {"health": 3, "readiness-to-work": 2, "skills-and-language": 4, "social-network": 3, "structure-of-day": 2}

TIMRA = ReferParticipant(
    person=parse("198808112380"),
    programme=Programme.INTRODUKTIONSJOBB,
    referred_by="kommun",
    agencies_needed=("kommun", "af"),
    received_on=FEBRUARY_2,
)
REFERRED = ParticipantReferred(
    programme=Programme.INTRODUKTIONSJOBB,
    referred_by="kommun",
    agencies_needed=("af", "kommun"),
    received_on=FEBRUARY_2,
    identity=Identity(person_number="198808112380"),
)
SKELLEFTEA = ParticipantReferred(
    programme=Programme.ARBETSMARKNADSTORGET,
    referred_by="kommun",
    agencies_needed=("af", "kommun", "region"),
    received_on=FEBRUARY_2,
    identity=Identity(person_number="200001052380"),
)


def consent(agency: str) -> ConsentGiven:
    return ConsentGiven(agency=agency, purpose="shared-case", compartments=(Compartment.IDENTITY,), given_on=FEBRUARY_3)


CONSENTED = consent("af"), consent("kommun"), consent("region")
ASSESSED = AssessmentRecorded(
    instrument="five-domains", instrument_version=1, assessed_on=FEBRUARY_3, health=AssessmentScores(scores=SCORES)
)
READY = REFERRED, *CONSENTED, ASSESSED
ENROL = EnrolParticipant(Programme.INTRODUKTIONSJOBB, FEBRUARY_10, in_job_programme=True)
ENROLLED = ParticipantEnrolled(
    programme=Programme.INTRODUKTIONSJOBB,
    enrolled_on=FEBRUARY_10,
    employment=Eligibility(
        criteria=(
            CriterionFound(
                criterion="target-group",
                source="SFS 2018:42",
                finding="met",
                evidence="in JOB: yes; age: 37; days in the youth guarantee: not stated; newly arrived: not stated",
            ),
        )
    ),
)
ENROL_YOUNG = EnrolParticipant(Programme.ARBETSMARKNADSTORGET, FEBRUARY_10, unemployed=True)


# Referral


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


def test_nobody_is_referred_before_being_born() -> None:
    newborn = replace(TIMRA, person=parse("202601612381"))
    given().when(replace(newborn, received_on=date(2025, 12, 31))).then_refused("born-after-referral")
    assert decide(replace(newborn, received_on=date(2026, 1, 1)), Case())


# A case that nobody opened


@pytest.mark.parametrize(
    "command",
    [
        GiveConsent("af", "shared-case", frozenset({Compartment.IDENTITY}), FEBRUARY_3),
        RecordAssessment("five-domains", 1, FEBRUARY_3, SCORES),
        ENROL,
        NotePlacement(PLACEMENT, "started", date(2026, 3, 2)),
    ],
)
def test_nothing_happens_in_a_case_that_no_referral_opened(command: object) -> None:
    given().when(command).then_refused("case-unknown")
    given(CaseReactionRefused(command="NotePlacement", code="case-unknown")).when(command).then_refused("case-unknown")


# Consent


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


# Assessment

ASSESS = RecordAssessment("five-domains", 1, FEBRUARY_3, SCORES)


def test_an_assessment_is_recorded_once() -> None:
    given(REFERRED).when(ASSESS).then(ASSESSED)
    given(REFERRED, ASSESSED).when(ASSESS).then_nothing()


def test_a_later_assessment_is_added() -> None:
    in_may = replace(ASSESS, assessed_on=date(2026, 5, 4), scores={**SCORES, "health": 4})
    (recorded,) = decide(in_may, evolve(evolve(Case(), REFERRED), ASSESSED))
    assert isinstance(recorded, AssessmentRecorded)
    assert recorded.health is not None
    assert recorded.health.scores["health"] == 4


def test_other_answers_of_the_same_day_are_refused() -> None:
    other = replace(ASSESS, scores={**SCORES, "health": 4})
    given(REFERRED, ASSESSED).when(other).then_refused("assessed-that-day")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(ASSESS, instrument_version=2), "instrument-unknown"),
        (replace(ASSESS, scores={"health": 3}), "assessment-incomplete"),
        (replace(ASSESS, scores={**SCORES, "housing": 3}), "assessment-answer-unknown"),
        (replace(ASSESS, scores={**SCORES, "health": 0}), "assessment-outside-scale"),
        (replace(ASSESS, scores={**SCORES, "health": 6}), "assessment-outside-scale"),
    ],
)
def test_an_assessment_that_the_instrument_does_not_know_is_refused(command: RecordAssessment, code: str) -> None:
    given(REFERRED).when(command).then_refused(code)


# Enrolment


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
    referred = REFERRED.model_copy(update={"programme": Programme.EXTRATJANST})
    command = replace(ENROL, programme=Programme.EXTRATJANST)
    given(referred, *CONSENTED, ASSESSED).when(command).then_refused("rule-not-verified")


# Placements of the case


def test_a_placement_is_noted_once_per_state() -> None:
    started = NotePlacement(PLACEMENT, "started", date(2026, 3, 2))
    noted = PlacementNoted(placement_id=PLACEMENT, state="started", noted_on=date(2026, 3, 2))
    given(*READY).when(started).then(noted)
    given(*READY, noted).when(started).then_nothing()
    given(*READY, noted).when(NotePlacement(PLACEMENT, "ended", date(2026, 3, 16))).then(
        PlacementNoted(placement_id=PLACEMENT, state="ended", noted_on=date(2026, 3, 16))
    )


def test_a_refused_reaction_is_recorded_and_changes_nothing() -> None:
    event = refusal(NotePlacement(PLACEMENT, "started", date(2026, 3, 2)), Refused("case-unknown"))
    assert event == CaseReactionRefused(command="NotePlacement", code="case-unknown")
    assert evolve(given(*READY).state, event) == given(*READY).state
