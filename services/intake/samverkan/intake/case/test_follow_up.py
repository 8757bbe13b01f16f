"""What the national follow-up asks, at which moment it may be recorded, and what is left of it for the protected."""

from dataclasses import replace
from datetime import date

import pytest

from samverkan.intake.case.examples import REFERRED, given
from samverkan.intake.case.follow_up import Education, LivelihoodCode, OccupationCode, RecordFollowUp
from samverkan.intake.case.test_course import ACTIVE, APRIL_30, BEGUN, CLOSED, DECLINED
from samverkan.schemas.course import (
    AgeAndSex,
    AnonymousParticipationCounted,
    FollowUpCounted,
    FollowUpRecorded,
    Livelihood,
    Moment,
    Occupation,
)
from samverkan.schemas.person import ProtectionMarked

ENTRY = RecordFollowUp(
    Moment.ENTRY,
    date(2026, 2, 10),
    {OccupationCode.JOB_SEEKING: 100},
    {LivelihoodCode.FINANCIAL_AID: 60, LivelihoodCode.ACTIVITY_SUPPORT: 40},
    Education.UPPER_SECONDARY,
    years_on_support=4,
)
RECORDED = FollowUpRecorded(
    moment=Moment.ENTRY,
    recorded_on=date(2026, 2, 10),
    identity=AgeAndSex(age=37, sex="female"),
    employment=Occupation(occupations={"job-seeking": 100}, education="upper-secondary"),
    economy=Livelihood(sources={"activity-support": 40, "financial-aid": 60}, years_on_support=4),
)
AFTER_SIX = replace(ENTRY, moment=Moment.SIX_MONTHS, recorded_on=date(2026, 10, 30))
PROTECTED = ProtectionMarked(keeper="kommun", marked_on=APRIL_30)
COUNTED = FollowUpCounted(moment=Moment.SIX_MONTHS, registration_year=2026, women=1, men=0)


def test_the_circumstances_at_entry_are_recorded_with_age_and_sex_of_that_day() -> None:
    given(REFERRED).when(ENTRY).then(RECORDED)
    given(REFERRED, RECORDED).when(ENTRY).then_nothing()


def test_other_circumstances_of_the_same_moment_must_be_a_correction() -> None:
    other = replace(ENTRY, years_on_support=5)
    given(REFERRED, RECORDED).when(other).then_refused("follow-up-recorded")
    corrected = RECORDED.model_copy(
        update={"economy": Livelihood(sources={"activity-support": 40, "financial-aid": 60}, years_on_support=5)}
    )
    given(REFERRED, RECORDED).when(replace(other, corrects=True)).then(corrected)


@pytest.mark.parametrize(
    "wrong",
    [
        {"occupations": {OccupationCode.WORK: 60, OccupationCode.STUDY: 50}},
        {"occupations": {OccupationCode.WORK: 0}},
        {"livelihood": {LivelihoodCode.FINANCIAL_AID: 101}},
    ],
)
def test_shares_are_percent_and_no_more_than_the_whole(wrong: dict[str, object]) -> None:
    given(REFERRED).when(replace(ENTRY, **wrong)).then_refused("follow-up-shares")  # type: ignore[arg-type]


def test_a_moment_belongs_to_its_state() -> None:
    given(*ACTIVE).when(replace(ENTRY, moment=Moment.EXIT)).then_refused("case-active")
    given(*ACTIVE, BEGUN).when(AFTER_SIX).then_refused("case-closing")
    given(REFERRED, DECLINED).when(ENTRY).then_refused("case-declined")


def test_six_months_have_passed_before_the_follow_up_after_six_months() -> None:
    given(*CLOSED).when(replace(AFTER_SIX, recorded_on=date(2026, 10, 29))).then_refused("follow-up-too-early")
    assert given(*CLOSED).when(AFTER_SIX).decide(AFTER_SIX, given(*CLOSED).state)
    twelve = replace(AFTER_SIX, moment=Moment.TWELVE_MONTHS)
    given(*CLOSED).when(twelve).then_refused("follow-up-too-early")
    late = replace(twelve, recorded_on=date(2027, 9, 1))
    assert given(*CLOSED).when(late).decide(late, given(*CLOSED).state)


def test_nothing_is_recorded_of_days_before_the_referral() -> None:
    given(REFERRED).when(replace(ENTRY, recorded_on=date(2026, 2, 1))).then_refused("follow-up-before-referral")


def test_of_a_protected_participant_only_a_woman_or_a_man_is_counted() -> None:
    given(*CLOSED, PROTECTED).when(AFTER_SIX).then(COUNTED)
    given(*CLOSED, PROTECTED, COUNTED).when(AFTER_SIX).then_nothing()
    given(*CLOSED, PROTECTED, COUNTED).when(replace(AFTER_SIX, corrects=True, years_on_support=9)).then_nothing()


def test_whose_sex_cannot_be_read_is_not_counted() -> None:
    nobody = REFERRED.model_copy(update={"identity": None})
    given(nobody, PROTECTED).when(ENTRY).then_refused("identity-unreadable")


def test_of_an_anonymous_participant_only_a_woman_or_a_man_is_counted() -> None:
    anonymous = AnonymousParticipationCounted(programme="arbetspraktik", registration_year=2026, women=0, men=1)
    counted = FollowUpCounted(moment=Moment.SIX_MONTHS, registration_year=2026, women=0, men=1)
    given(anonymous).when(AFTER_SIX).then(counted)
    given(anonymous, counted).when(AFTER_SIX).then_nothing()
