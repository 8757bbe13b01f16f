"""Queueing a notification and recording what became of it."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.backbone.testing.specification import specification
from samverkan.notify.notification import (
    NOTIFICATION,
    Event,
    Notification,
    QueueNotification,
    RecordDelivery,
    RecordFailure,
    RecordInterruption,
    RequeueNotification,
    decide,
    evolve,
    notification_id,
    refusal,
)
from samverkan.schemas.notification import (
    Channel,
    NotificationDelivered,
    NotificationFailed,
    NotificationQueued,
    NotificationReactionRefused,
)

given = specification(decide, evolve, Notification())

CASE = UUID("11111111-1111-4111-8111-111111111111")
EVENT = UUID("44444444-4444-4444-8444-444444444444")
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
QUEUE = QueueNotification(CASE, "kommun", "news", EVENT)
QUEUED = NotificationQueued(case_id=CASE, recipient="kommun", channel=Channel.MAIL, template="news", about_event=EVENT)
DELIVERED = NotificationDelivered(
    case_id=CASE, recipient="kommun", channel=Channel.MAIL, message_id="<1@x>", delivered_at=NOW
)
FAILED = NotificationFailed(case_id=CASE, recipient="kommun", channel=Channel.MAIL, code="550")


def test_an_event_queues_a_notification_once() -> None:
    given().when(QUEUE).then(QUEUED)
    given(QUEUED).when(QUEUE).then_nothing()
    given(QUEUED).when(replace(QUEUE, template="task")).then_refused("already-queued")


def test_an_event_and_a_recipient_make_one_notification() -> None:
    assert notification_id(EVENT, "kommun") == notification_id(EVENT, "kommun")
    assert notification_id(EVENT, "kommun") != notification_id(EVENT, "af")


def test_an_accepted_message_is_delivered_once() -> None:
    given(QUEUED).when(RecordDelivery("<1@x>", NOW)).then(DELIVERED)
    given(QUEUED, DELIVERED).when(RecordDelivery("<1@x>", NOW)).then_nothing()
    given(QUEUED, DELIVERED).when(RecordFailure("550")).then_refused("already-delivered")


def test_a_refusal_for_good_is_final() -> None:
    given(QUEUED).when(RecordFailure("550")).then(FAILED)
    given(QUEUED, FAILED).when(RecordFailure("550")).then_nothing()
    given(QUEUED, FAILED).when(RecordDelivery("<1@x>", NOW)).then_refused("already-failed")


def test_everything_that_becomes_of_a_message_about_a_budget_says_that_it_is_no_case() -> None:
    """Else an agency would keep the budget as a participant's case (case_view.SharedCases)."""
    queued = QUEUED.model_copy(update={"about_budget": True})
    outcomes = (RecordInterruption(NOW), RecordFailure("550"), RequeueNotification(), RecordDelivery("<1@x>", NOW))
    history: list[Event] = [queued]
    for command in outcomes:
        (event,) = decide(command, NOTIFICATION.fold(history))
        assert getattr(event, "about_budget", None) is True, type(event).__name__
        history.append(event)


def test_nothing_becomes_of_what_nobody_queued() -> None:
    given().when(RecordDelivery("<1@x>", NOW)).then_refused("not-queued")
    given().when(RecordFailure("550")).then_refused("not-queued")


def test_a_refused_reaction_is_recorded() -> None:
    refused = refusal(QUEUE, Refused("already-queued"))
    assert refused == NotificationReactionRefused(command="QueueNotification", code="already-queued")
    given(QUEUED, refused).when(QUEUE).then_nothing()
