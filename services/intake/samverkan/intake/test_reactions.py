from datetime import UTC, date, datetime
from uuid import UUID

from samverkan.backbone.decider import Order
from samverkan.backbone.recorded import Recorded
from samverkan.intake.case.case import CASE
from samverkan.intake.case.placement_note import NotePlacement
from samverkan.intake.presence.period import NotePlacementEnded
from samverkan.intake.presence.presence import PRESENCE, presence_of_placement
from samverkan.intake.reactions import REACTIONS
from samverkan.schemas.catalogue import PARTICIPANT, PLACEMENT, topics_for
from samverkan.schemas.envelope import Envelope
from samverkan.schemas.placement import Outcome, PlacementEndCorrected, PlacementEnded, PlacementStarted

CASE_ID = UUID("00000000-0000-4000-8000-000000000001")
PLACEMENT_ID = UUID("00000000-0000-4000-8000-000000000002")
STARTED = Recorded(
    PLACEMENT.name,
    Envelope(
        id=UUID("00000000-0000-4000-8000-000000000009"),
        source=PLACEMENT.source,
        type=PlacementStarted.wire_type(),
        stream_id=PLACEMENT_ID,
        version=1,
        time=datetime(2026, 3, 2, tzinfo=UTC),
        recorded_at=datetime(2026, 3, 2, tzinfo=UTC),
        correlation_id=CASE_ID,
    ),
    PlacementStarted(case_id=CASE_ID, starts_on=date(2026, 3, 2)),
)


def test_the_case_notes_the_start() -> None:
    assert list(REACTIONS[PlacementStarted](STARTED)) == [
        Order(CASE, CASE_ID, NotePlacement(PLACEMENT_ID, "started", date(2026, 3, 2)))
    ]


def test_the_case_notes_the_end_and_presence_is_reported_until_then() -> None:
    ended = PlacementEnded(case_id=CASE_ID, last_day_on=date(2026, 3, 16), outcome=Outcome.JOB)
    assert list(REACTIONS[PlacementEnded](STARTED._replace(event=ended))) == [
        Order(CASE, CASE_ID, NotePlacement(PLACEMENT_ID, "ended", date(2026, 3, 16))),
        Order(PRESENCE, presence_of_placement(CASE_ID, PLACEMENT_ID), NotePlacementEnded(date(2026, 3, 16))),
    ]


def test_a_corrected_end_is_noted_as_such_and_moves_the_presence_that_ended_with_it() -> None:
    corrected = PlacementEndCorrected(
        case_id=CASE_ID,
        last_day_on=date(2026, 3, 31),
        outcome=Outcome.JOB,
        was_last_day_on=date(2026, 3, 16),
        was_outcome=Outcome.OTHER,
        corrected_on=date(2026, 4, 1),
    )
    note = NotePlacementEnded(date(2026, 3, 31), date(2026, 3, 16))
    assert list(REACTIONS[PlacementEndCorrected](STARTED._replace(event=corrected))) == [
        Order(CASE, CASE_ID, NotePlacement(PLACEMENT_ID, "end-corrected", date(2026, 3, 31))),
        Order(PRESENCE, presence_of_placement(CASE_ID, PLACEMENT_ID), note),
    ]


def test_what_intake_reacts_to_is_on_a_topic_that_it_receives() -> None:
    received = {event for topic in topics_for("intake") for event in topic.events}
    assert set(REACTIONS) <= received
    assert PARTICIPANT not in topics_for("intake")
