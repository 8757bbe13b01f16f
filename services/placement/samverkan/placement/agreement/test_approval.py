from dataclasses import replace

import pytest

from samverkan.placement.agreement.agreement import decide
from samverkan.placement.agreement.approval import ApprovePlacement
from samverkan.placement.agreement.examples import (
    AGREED,
    AGREEMENT_MADE,
    APPROVED,
    CANCELLED,
    DECIDED,
    ENDED,
    FEBRUARY_10,
    FEBRUARY_16,
    FEBRUARY_20,
    PROPOSED,
    READY,
    SEPTEMBER_1,
    STARTED,
    given,
)
from samverkan.placement.agreement.proposal import RevisePlacement
from samverkan.schemas.placement import OnBehalf, PlacementApproved


def test_an_approval_is_recorded_once() -> None:
    command = ApprovePlacement("employer", FEBRUARY_10)
    given(PROPOSED).when(command).then(PlacementApproved(party="employer", approved_on=FEBRUARY_10))
    given(PROPOSED, *APPROVED[:2]).when(command).then_nothing()
    given(PROPOSED, *APPROVED[:2]).when(ApprovePlacement("employer", FEBRUARY_16)).then_nothing()


def test_the_last_approval_makes_the_agreement_on_the_latest_day() -> None:
    given(PROPOSED, *APPROVED[:2]).when(ApprovePlacement("participant", FEBRUARY_10)).then(APPROVED[2], AGREED)


def test_the_last_approval_repeated_does_not_agree_again() -> None:
    given(*AGREEMENT_MADE).when(ApprovePlacement("participant", FEBRUARY_10)).then_nothing()


def test_who_is_no_party_cannot_approve() -> None:
    given(PROPOSED).when(ApprovePlacement("fk", FEBRUARY_10)).then_refused("party-unknown")


def test_who_read_another_revision_does_not_approve_this_one() -> None:
    given(PROPOSED).when(ApprovePlacement("af", FEBRUARY_10, revision=2)).then_refused("revision-changed")
    (revised,) = decide(RevisePlacement(ends_on=SEPTEMBER_1), given(PROPOSED, *APPROVED[:1]).state)
    read_before = ApprovePlacement("af", FEBRUARY_10, revision=1)
    given(PROPOSED, *APPROVED[:1], revised).when(read_before).then_refused("revision-changed")


def test_an_agency_that_is_a_party_approves_itself() -> None:
    command = ApprovePlacement("af", FEBRUARY_10, agency="kommun")
    given(PROPOSED).when(command).then_refused("approval-of-another")
    given(PROPOSED).when(replace(command, agency="af")).then(PlacementApproved(party="af", approved_on=FEBRUARY_10))


def test_somebody_approves_on_behalf_of_another_with_a_stated_reason() -> None:
    command = ApprovePlacement("af", FEBRUARY_10, agency="kommun", on_behalf_reason="Enligt delegation, AF 2026/12")
    given(PROPOSED).when(command).then(
        PlacementApproved(
            party="af",
            approved_on=FEBRUARY_10,
            on_behalf=True,
            employment=OnBehalf(reason="Enligt delegation, AF 2026/12"),
        )
    )


def test_a_revised_agreement_is_agreed_again_by_everyone_and_counted_once() -> None:
    (revised,) = decide(RevisePlacement(ends_on=SEPTEMBER_1), given(*AGREEMENT_MADE).state)
    again = [PlacementApproved(party=one.party, approved_on=FEBRUARY_20, revision=2) for one in APPROVED]
    given(*AGREEMENT_MADE, revised, *again[:2]).when(ApprovePlacement("participant", FEBRUARY_20)).then(
        again[2],
        AGREED.model_copy(update={"ends_on": SEPTEMBER_1, "agreed_on": FEBRUARY_20, "revision": 2, "again": True}),
    )


@pytest.mark.parametrize(
    ("history", "code"),
    [
        ((*READY[:-1], DECIDED, STARTED, ENDED), "already-ended"),
        ((PROPOSED, CANCELLED), "already-cancelled"),
    ],
)
def test_nobody_approves_what_is_over(history: tuple[object, ...], code: str) -> None:
    given(*history).when(ApprovePlacement("af", FEBRUARY_20)).then_refused(code)


def test_the_agreement_of_a_participant_protected_meanwhile_has_no_workplace() -> None:
    command = ApprovePlacement("participant", FEBRUARY_10, withheld=True)
    given(PROPOSED, *APPROVED[:2]).when(command).then(APPROVED[2], AGREED.model_copy(update={"employment": None}))
