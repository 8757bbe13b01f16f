"""A tiny pair of services for the invariant suite: one counts what happens to a case, the other follows it.

Real contracts, so that envelopes, codec and leaves are the real ones; the rules are as small as they can be.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid5

from samverkan.backbone.decider import Aggregate, Order
from samverkan.backbone.errors import Refused
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View
from samverkan.schemas.catalogue import PARTICIPANT, PLACEMENT
from samverkan.schemas.event import Event
from samverkan.schemas.participant import ConsentGiven
from samverkan.schemas.placement import PlacementReactionRefused, UnionConsulted, UnionOpinion

DAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Count:
    """Record one more consent. `only_at`: refuse at any other number of consents."""

    purpose: str = "test"
    only_at: int | None = None


@dataclass(frozen=True)
class Counter:
    """How often it was counted."""

    number: int = 0


def decide(command: Count, counter: Counter) -> Sequence[Event]:
    """One event a command."""
    if command.only_at is not None and counter.number != command.only_at:
        raise Refused("not-at-that-number")
    return [ConsentGiven(agency="af", purpose=command.purpose, compartments=(), given_on=DAY)]


def evolve(counter: Counter, event: Event) -> Counter:
    """Count."""
    return replace(counter, number=counter.number + 1)


def refusal(command: object, refused: Refused) -> Event:
    """Not needed here: nothing reacts in the counting service."""
    raise AssertionError(refused.code)


COUNTER = Aggregate("counter", PARTICIPANT.name, Counter(), decide, evolve, refusal)


@dataclass(frozen=True)
class Follow:
    """The following service's answer to one counted event."""

    version: int


def follow(command: Follow, followed: Counter) -> Sequence[Event]:
    """One event for each followed; a purpose named `refuse` is refused by the rule."""
    if command.version < 0:
        raise Refused("not-followed")
    return [UnionConsulted(opinion=UnionOpinion.YES, consulted_on=DAY)]


def follow_refused(command: object, refused: Refused) -> Event:
    """The outcome of a refused reaction."""
    return PlacementReactionRefused(command=type(command).__name__, code=refused.code)


FOLLOWER = Aggregate("follower", PLACEMENT.name, Counter(), follow, evolve, follow_refused)


def followed(stream_id: UUID) -> UUID:
    """The own stream that follows a foreign one."""
    return uuid5(stream_id, "followed")


def on_consent_given(recorded: Recorded) -> Iterable[Order]:
    """Every counted event is followed by one of ours."""
    assert isinstance(recorded.event, ConsentGiven)
    version = -1 if recorded.event.purpose == "refuse" else recorded.envelope.version
    return [Order(FOLLOWER, followed(recorded.stream_id), Follow(version))]


@dataclass(frozen=True)
class Tally:
    """What a store has seen of one stream. `versions` is its whole history: order and repeats show in it."""

    stream_id: UUID
    seen: int = 0
    versions: tuple[int, ...] = ()


class Tallies(View[Tally]):
    """Folds every event; a purpose named `poison` raises, `constraint` breaks the table's check."""

    table = "tally"
    row = Tally

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """The stream itself."""
        return [recorded.stream_id]

    def fold(self, row: Tally, recorded: Recorded) -> Tally:
        """Append the version."""
        purpose = getattr(recorded.event, "purpose", "")
        if purpose == "poison":
            raise ZeroDivisionError
        seen = -1 if purpose == "constraint" or row.seen < 0 else row.seen + 1
        return replace(row, seen=seen, versions=(*row.versions, recorded.envelope.version))


TALLY_TABLE = """
create table tally (
    stream_id uuid primary key,
    seen integer not null default 0 check (seen >= 0),
    versions integer[] not null default '{}'
)
"""
