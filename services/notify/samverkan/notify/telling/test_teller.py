"""The teller on events that arrive in memory: whoever has the case by then, once, with what it rests on."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from samverkan.backbone.errors import Transient
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.notify.app import build
from samverkan.notify.delivery.test_worker import NOW, PLACEMENT_ID, PutBack, settings_for, teller
from samverkan.notify.reminders.test_scheduler import Behind
from samverkan.notify.test_reactions import CASE, STARTED, TRANSFERRED, WITHDRAWN
from samverkan.notify.views import Notifications
from samverkan.schemas.catalogue import PARTICIPANT, PLACEMENT
from samverkan.schemas.course import CasePaused
from samverkan.schemas.notification import NotificationQueued
from samverkan.schemas.participant import ParticipantReferred, Programme

PAUSED = CasePaused(paused_on=date(2026, 5, 5))


def referred(by: str, *needed: str) -> ParticipantReferred:
    return ParticipantReferred(
        programme=Programme.INTRODUKTIONSJOBB,
        referred_by=by,
        agencies_needed=needed,
        received_on=date(2026, 2, 2),
    )


def runtime() -> Behind:
    return Behind(build(settings_for(25)), NOW)


async def told(runtime: MemoryRuntime, event: type[Any]) -> set[tuple[str | None, str | None]]:
    about = {one.envelope.id for stream in runtime.streams.values() for one in stream if type(one.event) is event}
    rows = await runtime.select(Notifications, limit=500)
    return {(row.recipient, row.template) for row in rows if row.about_event in about}


@pytest.mark.parametrize("referral", [referred("kommun-sundsvall"), referred("af", "fk", "kommun-sundsvall")])
async def test_a_case_that_another_municipality_has_from_the_start_is_told_to_that_one(
    referral: ParticipantReferred,
) -> None:
    here = runtime()
    await here.happened(PARTICIPANT, CASE, referral, PAUSED)
    await teller().tell(here)
    assert await told(here, CasePaused) == {("kommun-sundsvall", "news"), ("af", "news")}


async def test_after_a_transfer_the_new_one_is_told_and_of_the_transfer_itself_both() -> None:
    here, telling = runtime(), teller()
    await here.happened(PARTICIPANT, CASE, referred("kommun"))
    await here.happened(PLACEMENT, PLACEMENT_ID, STARTED)
    await telling.tell(here)
    await here.happened(PARTICIPANT, CASE, TRANSFERRED, PAUSED)
    await telling.tell(here)
    assert await told(here, type(STARTED)) == {("kommun", "news"), ("af", "news")}
    assert await told(here, type(TRANSFERRED)) == {("kommun", "news"), ("kommun-sundsvall", "task"), ("af", "news")}
    assert await told(here, CasePaused) == {("kommun-sundsvall", "news"), ("af", "news")}


async def test_a_transfer_that_comes_in_one_batch_with_what_follows_on_it_or_behind_it_counts() -> None:
    here = runtime()
    await here.happened(PARTICIPANT, CASE, referred("kommun"))
    await here.happened(PLACEMENT, PLACEMENT_ID, STARTED)
    await here.happened(PARTICIPANT, CASE, TRANSFERRED)
    await teller().tell(here)
    assert await told(here, type(STARTED)) == {("kommun-sundsvall", "news"), ("af", "news")}


async def test_what_is_on_its_way_is_waited_for_in_measure() -> None:
    here, patient = runtime(), teller(patience_seconds=900.0)
    await here.happened(PLACEMENT, PLACEMENT_ID, STARTED)
    for waiting in (None, 2):
        here.waiting = waiting
        await patient.tell(here)
        assert await told(here, type(STARTED)) == {("af", "news")}
    await here.happened(PARTICIPANT, CASE, referred("kommun-sundsvall"))
    here.waiting = 0
    await patient.tell(here)
    assert await told(here, type(STARTED)) == {("kommun-sundsvall", "news"), ("af", "news")}


async def test_a_case_that_nobody_knows_when_the_wait_is_over_is_told_to_the_one_by_default() -> None:
    here = runtime()
    here.waiting = 2
    await here.happened(PLACEMENT, PLACEMENT_ID, STARTED)
    await teller(patience_seconds=0.0).tell(here)
    assert await told(here, type(STARTED)) == {("kommun", "news"), ("af", "news")}


async def test_who_looks_through_the_same_events_again_tells_nobody_twice_and_no_other_municipality() -> None:
    """After a crash in between, or in a database that was put back (W2): another replica has told, with other facts."""
    here = runtime()
    await here.happened(PARTICIPANT, CASE, referred("kommun"), WITHDRAWN)
    await here.happened(PLACEMENT, PLACEMENT_ID, STARTED)
    await teller().tell(here)
    before = list(here.written)
    await teller().tell(here)
    assert here.written == before
    await here.happened(PARTICIPANT, CASE, TRANSFERRED)
    before = list(here.written)
    await teller().tell(here)
    assert here.written == before


async def test_w2_a_database_that_was_put_back_is_believed_by_nobody() -> None:
    here, telling = runtime(), teller()
    await here.happened(PLACEMENT, PLACEMENT_ID, STARTED)
    here.__class__ = PutBack  # type: ignore[assignment]
    with pytest.raises(Transient):
        await telling.tell(here)
    assert await told(here, type(STARTED)) == {("af", "news")}
    here.__class__ = Behind
    await telling.tell(here)
    assert await told(here, type(STARTED)) == {("kommun", "news"), ("af", "news")}


async def test_the_notification_says_what_led_to_it_and_by_which_facts_this_municipality_was_told() -> None:
    here = runtime()
    await here.happened(PARTICIPANT, CASE, referred("kommun"), TRANSFERRED)
    await here.happened(PLACEMENT, PLACEMENT_ID, STARTED)
    await here.happened(PARTICIPANT, UUID(int=9), referred("kommun"), PAUSED)
    await teller().tell(here)
    (started,), (*_, paused) = here.streams[PLACEMENT_ID], here.streams[UUID(int=9)]
    queued = {
        one.event.about_event: one.envelope
        for one in here.written
        if isinstance(one.event, NotificationQueued) and one.event.recipient.startswith("kommun")
    }
    told_of_start = queued[started.envelope.id]
    assert told_of_start.causation_id == started.envelope.id
    assert {str(one) for one in told_of_start.requires} == {
        f"samverkan.placement/{PLACEMENT_ID}@1",
        f"samverkan.participant/{CASE}@2",
    }
    assert [str(one) for one in queued[paused.envelope.id].requires] == [f"samverkan.participant/{UUID(int=9)}@2"]
