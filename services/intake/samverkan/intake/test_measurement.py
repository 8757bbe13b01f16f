"""A measurement of several agencies."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from samverkan.backbone.testing.specification import specification
from samverkan.intake.instrument import instruments
from samverkan.intake.measurement import (
    AnswerMeasurement,
    CancelGround,
    CancelMeasurement,
    Measurement,
    Occasion,
    OpenMeasurement,
    decide,
    evolve,
    measurement_id,
)
from samverkan.schemas.support import (
    GivenAnswers,
    MeasuredScores,
    MeasurementAnswered,
    MeasurementCancelled,
    MeasurementCompleted,
    MeasurementOpened,
)

given = specification(decide, evolve, Measurement())

CASE = UUID("00000000-0000-4000-8000-000000000001")
DUE, APRIL_15, APRIL_17 = date(2026, 4, 20), date(2026, 4, 15), date(2026, 4, 17)
OPEN = OpenMeasurement(CASE, instruments()[0], Occasion.QUARTERLY, DUE)
OPENED = MeasurementOpened(
    case_id=CASE, instrument="five-domains", instrument_version=1, occasion="quarterly", due_on=DUE
)
REST = {"structure-of-day": 3, "social-network": 2, "skills-and-language": 4, "readiness-to-work": 4}
REGION = AnswerMeasurement("region", {"health": 3}, APRIL_15, DUE)
KOMMUN = AnswerMeasurement("kommun", REST, APRIL_17, DUE)
REGION_ANSWERED = MeasurementAnswered(
    case_id=CASE, answered_by="region", answered_on=APRIL_15, health=GivenAnswers(answers={"health": 3})
)
KOMMUN_ANSWERED = MeasurementAnswered(
    case_id=CASE, answered_by="kommun", answered_on=APRIL_17, health=GivenAnswers(answers=dict(sorted(REST.items())))
)
COMPLETED = MeasurementCompleted(
    case_id=CASE,
    instrument="five-domains",
    instrument_version=1,
    occasion="quarterly",
    assessed_on=APRIL_17,
    answered_by=("kommun", "region"),
    health=MeasuredScores(scores=dict(sorted({**REST, "health": 3}.items()))),
)
CANCEL = CancelMeasurement(CancelGround.PARTICIPANT_DECLINED, APRIL_17)
CANCELLED = MeasurementCancelled(case_id=CASE, cancelled_on=APRIL_17, code="participant-declined")


def test_two_who_open_the_same_measurement_meet_in_it() -> None:
    assert measurement_id(CASE, Occasion.QUARTERLY, DUE) == measurement_id(CASE, Occasion.QUARTERLY, DUE)
    assert measurement_id(CASE, Occasion.EXIT, DUE) != measurement_id(CASE, Occasion.QUARTERLY, DUE)
    given().when(OPEN).then(OPENED)
    given(OPENED).when(OPEN).then_nothing()
    other = replace(OPEN.instrument, version=2)
    given(OPENED).when(replace(OPEN, instrument=other)).then_refused("measurement-with-another-instrument")


def test_a_measurement_uses_a_version_in_force_on_its_day() -> None:
    given().when(replace(OPEN, due_on=date(2009, 12, 31))).then_refused("instrument-not-in-force")


def test_the_last_answer_completes_it_with_the_scores_of_all() -> None:
    given(OPENED).when(REGION).then(REGION_ANSWERED)
    given(OPENED, REGION_ANSWERED).when(KOMMUN).then(KOMMUN_ANSWERED, COMPLETED)
    given(OPENED, REGION_ANSWERED, KOMMUN_ANSWERED, COMPLETED).when(KOMMUN).then_nothing()


def test_an_agency_may_change_its_mind_and_change_it_back_until_it_is_complete() -> None:
    two = replace(REGION, answers={"health": 2})
    changed = REGION_ANSWERED.model_copy(update={"health": GivenAnswers(answers={"health": 2})})
    given(OPENED, REGION_ANSWERED).when(REGION).then_nothing()
    given(OPENED, REGION_ANSWERED).when(two).then(changed)
    given(OPENED, REGION_ANSWERED, changed).when(REGION).then(REGION_ANSWERED)
    given(OPENED, REGION_ANSWERED, KOMMUN_ANSWERED, COMPLETED).when(two).then_refused("measurement-complete")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(REGION, answers={"readiness-to-work": 3}), "question-of-another-agency"),
        (replace(REGION, agency="fk"), "question-of-another-agency"),
        (replace(REGION, agency="nobody"), "question-of-another-agency"),
        (replace(REGION, answers={"housing": 3}), "assessment-answer-unknown"),
        (replace(REGION, answers={"health": 6}), "assessment-outside-scale"),
        (replace(REGION, answers={}), "assessment-incomplete"),
        (replace(REGION, answered_on=date(2026, 4, 21)), "day-in-future"),
    ],
)
def test_an_answer_that_is_not_asked_of_that_agency_is_refused(command: AnswerMeasurement, code: str) -> None:
    given(OPENED).when(command).then_refused(code)


def test_a_question_that_another_agency_has_answered_is_theirs() -> None:
    given(OPENED, REGION_ANSWERED).when(replace(KOMMUN, answers={"health": 3})).then_refused("answered-by-another")


def test_an_answer_whose_key_is_gone_is_asked_for_again() -> None:
    sealed = REGION_ANSWERED.model_copy(update={"health": None})
    given(OPENED, sealed).when(KOMMUN).then(KOMMUN_ANSWERED)


def test_an_instrument_that_is_gone_from_the_data_is_refused_not_guessed() -> None:
    given(OPENED.model_copy(update={"instrument_version": 9})).when(REGION).then_refused("instrument-unknown")


def test_a_cancelled_measurement_stays_cancelled() -> None:
    given(OPENED, REGION_ANSWERED).when(CANCEL).then(CANCELLED)
    given(OPENED, CANCELLED).when(CANCEL).then_nothing()
    later = replace(CANCEL, cancelled_on=DUE)
    for command in (later, OPEN, REGION):
        given(OPENED, CANCELLED).when(command).then_refused("measurement-cancelled")
    given(OPENED, REGION_ANSWERED, KOMMUN_ANSWERED, COMPLETED).when(CANCEL).then_refused("measurement-complete")


def test_nothing_is_answered_before_it_was_opened() -> None:
    given().when(REGION).then_refused("measurement-unknown")
    given().when(CANCEL).then_refused("measurement-unknown")
