"""What placement keeps of participants, as the case moves on."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from samverkan.backbone.testing.permute import fold
from samverkan.backbone.testing.record import stream
from samverkan.placement.views.participants import EnrolledParticipants, EnrolledRow, ParticipantSharing, SharingRow
from samverkan.schemas.casework import CaseTransferred
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.consent import ConsentWithdrawn
from samverkan.schemas.course import AnonymousParticipationCounted, ParticipantExited
from samverkan.schemas.event import Compartment
from samverkan.schemas.participant import ConsentGiven, ParticipantEnrolled, Programme
from samverkan.schemas.person import ProtectionLifted, ProtectionMarked

CASE = UUID(int=1)
DAY = date(2026, 5, 4)
BOTH = (Compartment.EMPLOYMENT, Compartment.IDENTITY)
AF, KOMMUN = (
    ConsentGiven(agency=code, purpose="shared-case", compartments=BOTH, given_on=DAY) for code in ("af", "kommun")
)
AGREED = ["employment", "identity"]
MARKED = ProtectionMarked(keeper="kommun", marked_on=DAY)
COUNTED = AnonymousParticipationCounted(programme="arbetspraktik", registration_year=2026, women=1, men=0)
ENROLLED = ParticipantEnrolled(programme=Programme.ARBETSPRAKTIK, enrolled_on=DAY)


def rows_after(view: Any, *events: Any) -> Any:
    return fold([view], stream(PARTICIPANT, CASE, *events))[view.table][CASE]


@pytest.mark.parametrize(
    ("event", "consents", "protected"),
    [
        (
            ConsentWithdrawn(
                agency="af", purpose="shared-case", compartments=(Compartment.EMPLOYMENT,), withdrawn_on=DAY
            ),
            {"af": ["identity"], "kommun": AGREED},
            False,
        ),
        (
            CaseTransferred(from_agency="kommun", to_agency="kommun-sundsvall", transferred_on=DAY),
            {"af": AGREED, "kommun": []},
            False,
        ),
        (MARKED, {"af": [], "kommun": AGREED}, True),
        (COUNTED, {"af": [], "kommun": []}, True),
    ],
)
def test_what_may_be_shared_follows_the_case(event: Any, consents: dict[str, list[str]], protected: bool) -> None:
    row = rows_after(ParticipantSharing(), AF, KOMMUN, event)
    assert isinstance(row, SharingRow)
    assert row.protected is protected
    assert {code: sorted(row.shared_with(code)) for code in ("af", "kommun")} == consents


def test_a_mark_that_is_lifted_withholds_no_more() -> None:
    assert rows_after(ParticipantSharing(), AF, MARKED, ProtectionLifted(lifted_on=DAY)).protected is False


def test_who_has_left_is_not_placed_any_more_until_enrolled_again() -> None:
    exited = ParticipantExited(exited_on=DAY, six_months_on=DAY, twelve_months_on=DAY)
    assert rows_after(EnrolledParticipants(), ENROLLED, exited) == EnrolledRow(CASE, 2, None)
    assert rows_after(EnrolledParticipants(), ENROLLED, exited, ENROLLED) == EnrolledRow(CASE, 3, DAY)
