"""What needs a human, and what is not known. The statements run in tests/cli on a real store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from samverkan.backbone.parking.standing import HeldStream
from samverkan.backbone.recovery.asking import RecoveryState
from samverkan.backbone.status import RelayState, StoreState, troubles, unread

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
STREAM = UUID("11111111-1111-4111-8111-111111111111")
WELL = StoreState(at=NOW, relay=RelayState(0, None, STREAM, NOW + timedelta(seconds=10)), positions={})
POSITIONS = {("participant", 0): 5, ("participant", 1): 7}


def held(reason: str, seconds: float) -> HeldStream:
    since = NOW - timedelta(seconds=seconds)
    return HeldStream("participant", STREAM, reason, 3, "code", "", since, 0, None, 2)  # type: ignore[arg-type]


def test_a_store_that_is_well_needs_nobody() -> None:
    assert list(troubles(WELL)) == []
    assert WELL.lease_held and WELL.unsent_seconds == 0.0


def test_a_service_that_is_read_only_says_why() -> None:
    def told(recovery: RecoveryState) -> list[str]:
        assert WELL.relay is not None
        return list(troubles(replace(WELL, relay=replace(WELL.relay, recovery=recovery))))

    agreed = RecoveryState("agreed", True, True, None, "", 0, 0, NOW, NOW, 0, 0, None)
    assert told(agreed) == []
    closed = replace(agreed, open=False, compared_at=None)
    assert told(closed) == ["read-only: its log is not compared with its topic yet"]
    assert told(replace(closed, state="taking-back", done=500, of=2000)) == [
        "read-only: it takes its own events back from Kafka, 500 of 2000"
    ]
    assert told(replace(closed, state="republishing", done=1, of=2)) == [
        "read-only: it sends its log to Kafka again, 1 of 2"
    ]
    assert told(replace(closed, state="held", held_by="somebody")) == ["read-only: held by somebody"]
    assert told(replace(closed, state="stopped", code="topic-hole", detail="log index 7")) == [
        "read-only: its log and its topic differ (topic-hole: log index 7)"
    ]


def test_what_is_parked_rejected_forked_or_halted_needs_a_human() -> None:
    state = replace(WELL, parked=1, rejected=2, forks=3, halted_at=NOW, halted_reason="21 of 30 streams parked")
    told = " / ".join(troubles(state))
    assert all(word in told for word in ("1 streams are parked", "2 records", "3 forks", "halted: 21 of 30"))


def test_waiting_is_an_alarm_only_when_it_lasts() -> None:
    young = replace(WELL, holes=1, waiting=1, held_streams=(held("hole", 59), held("requires", 299)))
    assert list(troubles(young)) == []
    old = replace(young, held_streams=(held("hole", 61), held("requires", 301)))
    assert len(list(troubles(old))) == 2


def test_unsent_events_are_an_alarm_only_when_they_grow_old() -> None:
    busy = RelayState(4, NOW - timedelta(seconds=5), STREAM, NOW + timedelta(seconds=10))
    assert list(troubles(replace(WELL, relay=busy))) == []
    stuck = replace(WELL, relay=replace(busy, oldest_at=NOW - timedelta(seconds=31)))
    assert list(troubles(stuck)) == ["the oldest of 4 unsent events waits for 31 s"]


def test_a_lease_that_ran_out_is_held_by_nobody() -> None:
    assert WELL.relay is not None
    assert not replace(WELL, relay=replace(WELL.relay, lease_until=NOW)).lease_held
    assert not replace(WELL, relay=replace(WELL.relay, lease_until=None)).lease_held


def test_what_is_unread_is_counted_from_the_beginning_where_there_is_no_position() -> None:
    ends = {("participant", 0): 5, ("participant", 1): 9, ("participant", 2): 4, ("funding", 0): 100}
    assert unread(["participant"], POSITIONS, ends) == 2 + 4


def test_a_lag_that_cannot_be_known_is_none_and_never_zero() -> None:
    assert unread(["participant"], POSITIONS, None) is None
    assert unread(["participant", "placement"], POSITIONS, {("participant", 0): 5, ("participant", 1): 7}) is None
