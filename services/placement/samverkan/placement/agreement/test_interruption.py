from datetime import date

import pytest

from samverkan.placement.agreement.agreement import decide
from samverkan.placement.agreement.end import EndPlacement
from samverkan.placement.agreement.examples import APRIL_20, CASE, ENDED, MAY_1, READY, STARTED, given
from samverkan.placement.agreement.interruption import InterruptPlacement, ResumePlacement
from samverkan.schemas.placement import (
    Absence,
    AbsenceCause,
    Outcome,
    PlacementEnded,
    PlacementInterrupted,
    PlacementResumed,
)

RUNNING = (*READY, STARTED)
AWAY = InterruptPlacement(APRIL_20, AbsenceCause.SICKNESS, MAY_1)
INTERRUPTED = PlacementInterrupted(
    case_id=CASE,
    interrupted_from=APRIL_20,
    expected_until=MAY_1,
    health=Absence(cause=AbsenceCause.SICKNESS),
)
BACK = PlacementResumed(case_id=CASE, interrupted_from=APRIL_20, resumed_on=MAY_1)


def test_an_interruption_and_the_return_are_recorded_once() -> None:
    given(*RUNNING).when(AWAY).then(INTERRUPTED)
    given(*RUNNING, INTERRUPTED).when(AWAY).then_nothing()
    given(*RUNNING, INTERRUPTED).when(ResumePlacement(MAY_1)).then(BACK)
    given(*RUNNING, INTERRUPTED, BACK).when(ResumePlacement(MAY_1)).then_nothing()
    assert given(*RUNNING, INTERRUPTED).state.state == "interrupted"
    assert given(*RUNNING, INTERRUPTED, BACK).state.state == "started"


def test_why_somebody_is_away_is_in_the_health_compartment_only() -> None:
    (event,) = decide(AWAY, given(*RUNNING).state)
    assert "sickness" not in event.model_copy(update={"health": None}).model_dump_json()


def test_an_interrupted_placement_may_end() -> None:
    given(*RUNNING, INTERRUPTED).when(EndPlacement(APRIL_20, Outcome.OTHER)).then(
        PlacementEnded(case_id=CASE, last_day_on=APRIL_20, outcome=Outcome.OTHER)
    )


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        (READY, AWAY, "not-started"),
        ((*RUNNING, ENDED), AWAY, "already-ended"),
        ((*RUNNING, INTERRUPTED), InterruptPlacement(MAY_1, AbsenceCause.LEAVE), "already-interrupted"),
        (RUNNING, InterruptPlacement(date(2026, 3, 1), AbsenceCause.LEAVE), "interruption-outside-period"),
        (RUNNING, InterruptPlacement(date(2027, 3, 1), AbsenceCause.LEAVE), "interruption-outside-period"),
        (RUNNING, InterruptPlacement(MAY_1, AbsenceCause.LEAVE, APRIL_20), "interruption-outside-period"),
        (
            (*RUNNING, INTERRUPTED, BACK),
            InterruptPlacement(APRIL_20, AbsenceCause.LEAVE),
            "interruption-outside-period",
        ),
        (RUNNING, ResumePlacement(MAY_1), "not-interrupted"),
        ((*RUNNING, INTERRUPTED, BACK), ResumePlacement(date(2026, 5, 2)), "not-interrupted"),
        ((*RUNNING, INTERRUPTED), ResumePlacement(APRIL_20), "interruption-outside-period"),
        ((*RUNNING, INTERRUPTED), ResumePlacement(date(2027, 3, 1)), "interruption-outside-period"),
        ((*RUNNING, INTERRUPTED, ENDED), ResumePlacement(MAY_1), "already-ended"),
    ],
)
def test_an_interruption_that_cannot_be_is_refused(history: tuple[object, ...], command: object, code: str) -> None:
    given(*history).when(command).then_refused(code)
