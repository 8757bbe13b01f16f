"""What a service's own tables tell of its health, whether or not its process runs. Reads only, and takes no lock.

Unknown is None, never 0: a position that cannot be compared with Kafka's end is not a lag of nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from samverkan.backbone.database import Connection, sql
from samverkan.backbone.parking.standing import (
    FoundFork,
    HeldStream,
    RejectedRecord,
    read_forks,
    read_rejected,
    read_streams,
)
from samverkan.backbone.recovery.asking import RecoveryState, read_recovery
from samverkan.backbone.settings import Settings

Place = tuple[str, int]

ITEMS_MAX: Final = 100  # of each list; the counts are those of all
RELAY_ALARM_SECONDS: Final = 30.0  # a broker that was killed is back, and its relay too, within 10 s (2026-11)
HOLE_ALARM_SECONDS: Final[float] = Settings.model_fields["hole_alarm_seconds"].default
WAITING_ALARM_SECONDS: Final[float] = Settings.model_fields["waiting_alarm_seconds"].default


@dataclass(frozen=True)
class RelayState:
    """What waits to be sent, and who may send it. `oldest_at`: when the oldest of it was recorded."""

    unsent: int
    oldest_at: datetime | None
    lease_holder: UUID | None
    lease_until: datetime | None
    recovery: RecoveryState | None = None


@dataclass(frozen=True)
class StoreState:
    """One store at the instant `at`, by the database's clock. `relay` is None for a service that owns no topic.

    Rejected records and forks are those that nobody has acknowledged yet (S6).
    """

    at: datetime
    relay: RelayState | None
    positions: Mapping[Place, int]
    halted_at: datetime | None = None
    halted_reason: str | None = None
    holes: int = 0
    waiting: int = 0
    parked: int = 0
    rejected: int = 0
    forks: int = 0
    held_streams: tuple[HeldStream, ...] = ()
    rejected_records: tuple[RejectedRecord, ...] = ()
    found_forks: tuple[FoundFork, ...] = ()

    @property
    def unsent_seconds(self) -> float | None:
        """Age of the oldest row that Kafka has not acknowledged; 0 when there is none."""
        if self.relay is None:
            return None
        return 0.0 if self.relay.oldest_at is None else max(0.0, (self.at - self.relay.oldest_at).total_seconds())

    @property
    def lease_held(self) -> bool:
        """Whether some relay may send now."""
        until = None if self.relay is None else self.relay.lease_until
        return until is not None and until > self.at


async def read_state(connection: Connection, *, owns_topic: bool) -> StoreState:
    """The state of a store, all of one snapshot."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        at: datetime = await connection.fetchval("select now()")
        relay = await _relay(connection) if owns_topic else None
        positions = await connection.fetch(sql("samverkan.backbone.subscription", "offsets.sql"))
        subscription = await connection.fetchrow("select halted_at, halted_reason from subscription")
        counts = await connection.fetchrow(sql("samverkan.backbone.parking", "counts.sql"))
        held = await read_streams(connection, everything=True, limit=ITEMS_MAX)
        rejected = await read_rejected(connection, everything=False, limit=ITEMS_MAX)
        forks = await read_forks(connection, everything=False, limit=ITEMS_MAX)
    return StoreState(
        at=at,
        relay=relay,
        positions={(row["topic"], row["partition"]): row["next_offset"] for row in positions},
        **(dict(subscription) if subscription is not None else {}),
        **dict(counts or {}),
        held_streams=held,
        rejected_records=rejected,
        found_forks=forks,
    )


async def _relay(connection: Connection) -> RelayState:
    (lag,) = await connection.fetch(sql("samverkan.backbone.relay", "lag.sql"))
    (lease,) = await connection.fetch("select holder, held_until from sequencer")
    recovery = await read_recovery(connection)
    return RelayState(lag["events"], lag["since"], lease["holder"], lease["held_until"], recovery)


def unread(topics: Iterable[str], positions: Mapping[Place, int], ends: Mapping[Place, int] | None) -> int | None:
    """How many records of these topics the store has not read yet; None when the ends are not known.

    A partition in which the store has no position is unread from its beginning (S1).
    """
    if ends is None:
        return None
    wanted = set(topics)
    places = [place for place in ends if place[0] in wanted]
    if {topic for topic, _ in places} != wanted:
        return None
    return sum(max(0, ends[place] - positions.get(place, 0)) for place in places)


def troubles(state: StoreState) -> Iterator[str]:
    """What in this store needs a human, one sentence each. What a machine will mend by itself is none."""
    if state.relay is not None and state.relay.recovery is not None:
        sentence = state.relay.recovery.sentence()
        if sentence is not None:
            yield sentence
    if state.halted_at is not None:
        yield f"the subscription halted: {state.halted_reason}"
    if state.forks:
        yield f"{state.forks} forks: another event stands at a place that was taken"
    if state.parked:
        yield f"{state.parked} streams are parked"
    if state.rejected:
        yield f"{state.rejected} records were rejected"
    for reason, limit, what in (
        ("hole", HOLE_ALARM_SECONDS, "miss an earlier version"),
        ("requires", WAITING_ALARM_SECONDS, "wait for what they require"),
    ):
        old = [one for one in state.held_streams if one.reason == reason and _age(state, one.since) > limit]
        if old:
            yield f"{len(old)} streams {what} for more than {limit:.0f} s"
    if (seconds := state.unsent_seconds) is not None and seconds > RELAY_ALARM_SECONDS:
        yield f"the oldest of {state.relay.unsent if state.relay else 0} unsent events waits for {seconds:.0f} s"


def _age(state: StoreState, since: datetime) -> float:
    return (state.at - since).total_seconds()
