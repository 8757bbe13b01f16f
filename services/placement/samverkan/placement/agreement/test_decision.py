from datetime import date
from uuid import UUID

import pytest

from samverkan.placement.agreement.decision import AmendDecision, LiftRevocation, RevokeDecision
from samverkan.placement.agreement.examples import (
    AGREEMENT_MADE,
    COMPENSATION,
    DECIDED,
    ENDED,
    FEBRUARY_28,
    MARCH_2,
    MARCH_5,
    READY,
    STARTED,
    given,
)
from samverkan.placement.agreement.start import StartPlacement
from samverkan.schemas.placement import DecisionRecorded, PlacementStarted

FEBRUARY_25, FEBRUARY_27 = date(2026, 2, 25), date(2026, 2, 27)
COVERING = DECIDED.model_copy(update={"ends_on": FEBRUARY_28})
SHORTENED = COVERING.model_copy(update={"changed_on": FEBRUARY_25, "ends_on": date(2026, 6, 30)})
REVOKED = COVERING.model_copy(update={"changed_on": FEBRUARY_25, "revoked_from": MARCH_2})
LIFTED = COVERING.model_copy(update={"changed_on": FEBRUARY_27})
AMEND = AmendDecision(COMPENSATION, FEBRUARY_25, date(2026, 6, 30))
REVOKE = RevokeDecision(COMPENSATION, FEBRUARY_25, MARCH_2)
LIFT = LiftRevocation(COMPENSATION, FEBRUARY_27)


def test_what_funding_changes_is_recorded_once() -> None:
    given(*AGREEMENT_MADE, COVERING).when(AMEND).then(SHORTENED)
    given(*AGREEMENT_MADE, COVERING, SHORTENED).when(AMEND).then_nothing()
    given(*AGREEMENT_MADE, COVERING).when(REVOKE).then(REVOKED)
    given(*AGREEMENT_MADE, COVERING, REVOKED).when(REVOKE).then_nothing()
    given(*AGREEMENT_MADE, COVERING, REVOKED).when(LIFT).then(LIFTED)
    given(*AGREEMENT_MADE, COVERING).when(LIFT).then_nothing()


def test_nothing_starts_on_a_day_that_is_not_covered_any_more() -> None:
    given(*AGREEMENT_MADE, COVERING, REVOKED).when(StartPlacement(MARCH_2)).then_refused("decision-revoked")
    later = REVOKED.model_copy(update={"revoked_from": MARCH_5})
    given(*AGREEMENT_MADE, COVERING, later).when(StartPlacement(MARCH_2)).then(STARTED)
    given(*AGREEMENT_MADE, COVERING, later).when(StartPlacement(MARCH_5)).then_refused("decision-revoked")
    july = StartPlacement(date(2026, 7, 1))
    given(*AGREEMENT_MADE, COVERING, SHORTENED).when(july).then_refused("starts-after-decision")


def test_a_change_of_the_decision_does_not_move_the_first_day_to_start_on() -> None:
    """The decision is from 20 February: a change of 5 March does not make a start on 2 March too early."""
    changed = SHORTENED.model_copy(update={"changed_on": MARCH_5})
    given(*AGREEMENT_MADE, COVERING, changed).when(StartPlacement(MARCH_2)).then(STARTED)


def test_a_revocation_that_was_taken_back_lets_it_start() -> None:
    given(*AGREEMENT_MADE, COVERING, REVOKED, LIFTED).when(StartPlacement(MARCH_2)).then(
        PlacementStarted(case_id=STARTED.case_id, starts_on=MARCH_2)
    )


@pytest.mark.parametrize(
    ("decision", "state"), [(COVERING, "decided"), (SHORTENED, "decided"), (REVOKED, "refused"), (LIFTED, "decided")]
)
def test_before_the_start_a_revocation_is_fundings_no(decision: DecisionRecorded, state: str) -> None:
    assert given(*AGREEMENT_MADE, COVERING, decision).state.state == state


def test_the_agreement_stays_what_the_parties_made_it() -> None:
    before = given(*READY, STARTED).state
    assert given(*AGREEMENT_MADE, COVERING, STARTED, REVOKED).state.applies == before.applies
    given(*AGREEMENT_MADE, COVERING, STARTED, ENDED).when(REVOKE).then(REVOKED)


def test_another_decision_than_the_one_it_rests_on_is_none_of_its_business() -> None:
    other = UUID(int=77)
    given(*AGREEMENT_MADE, COVERING).when(AmendDecision(other, FEBRUARY_25, MARCH_5)).then_nothing()
    given(*AGREEMENT_MADE).when(REVOKE).then_nothing()
