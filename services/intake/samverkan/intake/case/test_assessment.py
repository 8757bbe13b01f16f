"""The shared assessment."""

from dataclasses import replace
from datetime import date

import pytest

from samverkan.intake.case.assessment import RecordAssessment
from samverkan.intake.case.case import decide
from samverkan.intake.case.evolve import evolve
from samverkan.intake.case.examples import ASSESSED, FEBRUARY_3, REFERRED, SCORES, given
from samverkan.intake.case.state import Case
from samverkan.schemas.participant import (
    AssessmentRecorded,
)

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
