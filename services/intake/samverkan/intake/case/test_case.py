"""What holds for every command of a case, and what it notes of its placements."""

from datetime import date

import pytest

from samverkan.backbone.errors import Refused
from samverkan.intake.case.assessment import RecordAssessment
from samverkan.intake.case.case import refusal
from samverkan.intake.case.consent import GiveConsent
from samverkan.intake.case.evolve import evolve
from samverkan.intake.case.examples import ENROL, FEBRUARY_3, PLACEMENT, READY, SCORES, given
from samverkan.intake.case.placement_note import NotePlacement
from samverkan.schemas.event import Compartment
from samverkan.schemas.participant import (
    CaseReactionRefused,
    PlacementNoted,
)


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
