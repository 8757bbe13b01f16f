from datetime import date
from uuid import UUID

import pytest

from samverkan.backbone.testing.permute import assert_same_rows, fold
from samverkan.backbone.testing.record import after, stream
from samverkan.backbone.testing.stored_rows import assert_stored_as_folded
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.placement.test_agreement import APPROVED, CASE, CONSULTED, DECIDED, PROPOSED, READY, STARTED
from samverkan.placement.views import EnrolledParticipants, EnrolledRow, PlacementRow, Placements
from samverkan.schemas.catalogue import PARTICIPANT, PLACEMENT
from samverkan.schemas.event import Event
from samverkan.schemas.participant import ParticipantEnrolled, ParticipantReferred, Programme
from samverkan.schemas.placement import Outcome, PlacementEnded

PLACEMENT_ID = UUID(int=2)
ENDED = PlacementEnded(case_id=CASE, last_day_on=date(2026, 3, 16), outcome=Outcome.JOB)
REFERRED = ParticipantReferred(
    programme=Programme.INTRODUKTIONSJOBB, referred_by="af", agencies_needed=("af",), received_on=date(2026, 2, 2)
)
ENROLMENTS = [
    ParticipantEnrolled(programme=programme, enrolled_on=day)
    for programme, day in (
        (Programme.ARBETSMARKNADSTORGET, date(2026, 2, 3)),
        (Programme.INTRODUKTIONSJOBB, date(2026, 2, 10)),
    )
]
CASE_STREAM = stream(PARTICIPANT, CASE, REFERRED, *ENROLMENTS)
PLACEMENT_STREAM = stream(
    PLACEMENT, PLACEMENT_ID, *READY, STARTED, ENDED, case_id=CASE, requires=[after(CASE_STREAM[1])]
)
VIEWS = (Placements(), EnrolledParticipants())


@pytest.mark.parametrize(
    ("history", "state"),
    [
        ((PROPOSED,), "draft"),
        ((PROPOSED, CONSULTED), "consulted"),
        ((PROPOSED, *APPROVED), "draft"),
        (READY[:-1], "agreed"),
        (READY, "decided"),
        ((*READY[:-1], DECIDED.model_copy(update={"granted": False})), "agreed"),
        ((*READY, STARTED), "started"),
        ((*READY, STARTED, ENDED), "ended"),
    ],
)
def test_the_state_tells_how_far_the_agreement_has_come(history: tuple[Event, ...], state: str) -> None:
    row = fold(VIEWS, stream(PLACEMENT, PLACEMENT_ID, *history, case_id=CASE))["placement"][PLACEMENT_ID]
    assert isinstance(row, PlacementRow)
    assert (row.state, row.version) == (state, len(history))


def test_an_unreadable_workplace_leaves_its_columns_empty() -> None:
    protected = PROPOSED.model_copy(update={"employment": None, "economy": None})
    row = fold(VIEWS, stream(PLACEMENT, PLACEMENT_ID, protected))["placement"][PLACEMENT_ID]
    assert isinstance(row, PlacementRow)
    assert (row.workplace, row.supervisor, row.gross_per_month) == (None, None, None)


def test_the_latest_enrolment_is_what_a_proposal_rests_on() -> None:
    assert fold(VIEWS, CASE_STREAM)["enrolled_participant"] == {CASE: EnrolledRow(CASE, 3, date(2026, 2, 10))}
    assert fold(VIEWS, CASE_STREAM[:1])["enrolled_participant"] == {}


def test_s7_the_rows_do_not_depend_on_which_topic_comes_first() -> None:
    assert_same_rows(VIEWS, [CASE_STREAM, PLACEMENT_STREAM])


async def test_the_database_gives_back_what_was_folded(database: str) -> None:
    migrate(database, *folders_of("placement"))
    await assert_stored_as_folded(database, VIEWS, [*CASE_STREAM, *PLACEMENT_STREAM])
