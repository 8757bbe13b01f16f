from datetime import date
from decimal import Decimal

import pytest

from samverkan.placement.agreement.decision import RecordDecision
from samverkan.placement.agreement.examples import (
    AGREED,
    AGREEMENT_MADE,
    APPROVED,
    CANCELLED,
    CASE,
    COMPENSATION,
    CONSULTED,
    DECIDED,
    ENDED,
    FEBRUARY_16,
    FEBRUARY_20,
    MARCH_2,
    MARCH_5,
    PROPOSED,
    READY,
    SEPTEMBER_1,
    STARTED,
    form,
    given,
)
from samverkan.placement.agreement.start import StartPlacement
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import DecisionRecorded, PlacementStarted


def test_the_decision_is_recorded_once() -> None:
    command = RecordDecision(COMPENSATION, True, FEBRUARY_20)
    given(*AGREEMENT_MADE).when(command).then(DECIDED)
    given(*READY).when(command).then_nothing()


def test_a_new_decision_replaces_the_old_one() -> None:
    refused = DecisionRecorded(compensation_id=COMPENSATION, granted=False, decided_on=FEBRUARY_16)
    given(*AGREEMENT_MADE, refused, DECIDED).when(StartPlacement(MARCH_2)).then(STARTED)


def test_story_1_starts_when_everything_is_there() -> None:
    given(*READY).when(StartPlacement(MARCH_2)).then(STARTED)


def test_story_4_a_start_before_the_decision_is_refused() -> None:
    decided_late = DECIDED.model_copy(update={"decided_on": MARCH_5})
    given(*AGREEMENT_MADE, decided_late).when(StartPlacement(MARCH_2)).then_refused("starts-before-decision")


def test_a_placement_may_start_on_the_day_of_the_decision() -> None:
    decided_late = DECIDED.model_copy(update={"decided_on": MARCH_5})
    given(*AGREEMENT_MADE, decided_late).when(StartPlacement(MARCH_5)).then(
        PlacementStarted(case_id=CASE, starts_on=MARCH_5)
    )


def test_repeating_a_start_changes_nothing() -> None:
    given(*READY, STARTED).when(StartPlacement(MARCH_2)).then_nothing()


@pytest.mark.parametrize(
    ("history", "starts_on", "code"),
    [
        ((*READY, STARTED), MARCH_5, "already-started"),
        ((PROPOSED, *APPROVED, AGREED, DECIDED), MARCH_2, "union-not-consulted"),
        (
            (PROPOSED, CONSULTED.model_copy(update={"consulted_on": MARCH_5}), *APPROVED, AGREED, DECIDED),
            MARCH_2,
            "starts-before-consultation",
        ),
        ((PROPOSED, CONSULTED, *APPROVED[:2], DECIDED), MARCH_2, "not-agreed"),
        (
            (PROPOSED, CONSULTED, *APPROVED, AGREED.model_copy(update={"agreed_on": MARCH_5}), DECIDED),
            MARCH_2,
            "starts-before-agreement",
        ),
        (AGREEMENT_MADE, MARCH_2, "no-decision"),
        ((*AGREEMENT_MADE, DECIDED.model_copy(update={"granted": False})), MARCH_2, "decision-refused"),
        (READY, date(2026, 3, 1), "starts-outside-period"),
        (READY, date(2027, 3, 1), "starts-outside-period"),
    ],
)
def test_the_start_guard_names_the_first_thing_that_is_missing(
    history: tuple[object, ...], starts_on: date, code: str
) -> None:
    given(*history).when(StartPlacement(starts_on)).then_refused(code)


def test_story_3_a_praktik_starts_without_a_decision() -> None:
    proposed, agreed = form(Programme.ARBETSPRAKTIK)
    given(proposed, CONSULTED, *APPROVED, agreed).when(StartPlacement(MARCH_2)).then(STARTED)


def test_a_placement_starts_only_after_the_one_that_it_follows() -> None:
    given(*READY).when(StartPlacement(MARCH_2, previous_ends_on=MARCH_2)).then_refused("previous-not-ended")
    given(*READY).when(StartPlacement(MARCH_2, previous_ends_on=date(2026, 3, 1))).then(STARTED)


@pytest.mark.parametrize(
    ("history", "code"), [((*READY, STARTED, ENDED), "already-ended"), ((PROPOSED, CANCELLED), "already-cancelled")]
)
def test_what_is_over_does_not_start(history: tuple[object, ...], code: str) -> None:
    given(*history).when(StartPlacement(MARCH_5)).then_refused(code)


def test_a_decision_on_terms_that_were_revised_since_is_none_on_the_agreement() -> None:
    of_the_first = RecordDecision(
        COMPENSATION, True, FEBRUARY_20, PROPOSED.ends_on, PROPOSED.starts_on, PROPOSED.extent
    )
    given(*AGREEMENT_MADE).when(of_the_first).then(DECIDED.model_copy(update={"ends_on": PROPOSED.ends_on}))
    for differently in ({"extent": Decimal("0.50")}, {"ends_on": date(2026, 12, 31)}, {"starts_on": MARCH_5}):
        revised = PROPOSED.model_copy(update={"revision": 2, **differently})
        given(*AGREEMENT_MADE, revised).when(of_the_first).then_refused("decision-on-other-terms")


def test_a_decision_is_recorded_also_after_the_end() -> None:
    later = RecordDecision(COMPENSATION, False, SEPTEMBER_1)
    given(*READY, STARTED, ENDED).when(later).then(
        DecisionRecorded(compensation_id=COMPENSATION, granted=False, decided_on=SEPTEMBER_1)
    )
