"""S1 – S6, S9, W3: whatever is published, delivered, lost, restored, parked, retried and mended in whatever order, the
store holds what a naive model in memory holds.

Hypothesis draws the steps and shrinks them when the two differ. Kafka is a list per partition here: what it delivers
may begin anywhere, be cut anywhere, come twice or belong to an earlier assignment.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID, uuid5

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from our_store import OurStore, our_store
from records import Placed, Raw, placed, raw
from samverkan.backbone.testing.conformance.reference_store import ReferenceStore
from samverkan.backbone.testing.conformance.store import (
    CONSTRAINT,
    FIRST,
    POISON,
    SECOND,
    Place,
    TransientFailure,
)
from samverkan.schemas.catalogue import Topic
from samverkan.schemas.envelope import Requirement
from scale import explored
from world import World

PARTITIONS: list[Place] = [(FIRST.name, 0), (FIRST.name, 1), (SECOND.name, 0)]
TOPICS = {FIRST.name: FIRST, SECOND.name: SECOND}
STREAMS = {place: [uuid5(UUID(int=1), f"{place}{number}") for number in range(2)] for place in PARTITIONS}

# How a record differs from the next event of its stream.
KINDS = ["next"] * 4 + [
    "next but one",
    "again",
    "forged",
    "forged",
    "taken log index",
    POISON,
    CONSTRAINT,
    "no JSON",
    "no key",
]

places = st.sampled_from(PARTITIONS)
kinds = st.sampled_from(KINDS)
# On which stream of another topic an event waits, and for which version.
needs = st.one_of(st.none(), st.tuples(places, st.integers(0, 1), st.integers(2, 8)))


class Broker:
    """What the topics hold: a list per partition, and the next version of each stream."""

    def __init__(self) -> None:
        self.partitions: dict[Place, list[Placed]] = {place: [] for place in PARTITIONS}
        self.versions: dict[UUID, int] = {}
        self.sent = 0

    def publish(self, place: Place, stream: UUID, kind: str, need: tuple[Place, int, int] | None) -> None:
        """Append one record of this kind."""
        topic, version = TOPICS[place[0]], self.versions.get(stream, 0) + 1
        match kind:
            case "next but one":
                self.versions[stream] = version + 1
                version += 1
            case "again" | "forged":
                version = max(1, version - 1)
            case _:
                self.versions[stream] = version
        requires = []
        if need is not None and need[0][0] != topic.name:
            requires = [Requirement(need[0][0], STREAMS[need[0]][need[1]], need[2])]
        # A repeat is the same bytes: all that an event is follows from its place, but for a forged one.
        log_index = version if kind == "taken log index" else _log_index(stream, version)
        purpose = kind if kind in (POISON, CONSTRAINT) else "test"
        seed = f"forged{self.sent}" if kind == "forged" else ""
        event = raw(topic, stream, version, log_index, purpose=purpose, requires=requires, seed=seed)
        self.append(place, topic, _changed(event, kind))

    def append(self, place: Place, topic: Topic, record: Raw) -> None:
        """Put a record at the end of a partition."""
        self.sent += 1
        log = self.partitions[place]
        log.extend(placed(topic, [record], start=len(log), partition=place[1]))


def _log_index(stream: UUID, version: int) -> int:
    return 1000 + stream.int % 10_000 * 100 + version


def _changed(record: Raw, kind: str) -> Raw:
    if kind == "no JSON":
        return replace(record, value=b'{"agency": ')
    return replace(record, key=None) if kind == "no key" else record


class StoreMachine(RuleBasedStateMachine):
    """Steps taken by our store and by the model."""

    runner: ClassVar[asyncio.Runner]
    ours: ClassVar[OurStore]
    empty: ClassVar[Any]

    @initialize()
    def begin(self) -> None:
        self.runner.run(self.ours.restore(self.empty))
        self.ours.unmend()
        self.other = self.ours.member()
        self.model = ReferenceStore()
        self.broker = Broker()
        self.backups: list[tuple[Any, Any]] = []
        for place in PARTITIONS * 3:
            for stream in STREAMS[place]:
                self.broker.publish(place, stream, "next", None)

    @rule(place=places, number=st.integers(0, 1), wanted=st.lists(st.tuples(kinds, needs), min_size=1, max_size=4))
    def publish(self, place: Place, number: int, wanted: list[tuple[str, Any]]) -> None:
        """Some records of one stream."""
        for kind, need in wanted:
            self.broker.publish(place, STREAMS[place][number], kind, need)

    @rule(places=st.lists(places, min_size=1, max_size=3, unique=True), size=st.integers(1, 12), member=st.booleans())
    def deliver(self, places: list[Place], size: int, member: bool) -> None:
        """The next records of some partitions, to one of two members."""
        self._apply(dict.fromkeys(places, (0, size)), member)

    @rule(place=places, back=st.integers(-3, 6), size=st.integers(1, 8), member=st.booleans())
    def deliver_from_elsewhere(self, place: Place, back: int, size: int, member: bool) -> None:
        """A repeat, an old batch of another assignment, or a batch that begins above the stored offset."""
        self._apply({place: (-back, size)}, member)

    @rule(places=st.lists(places, min_size=1, max_size=3, unique=True), dies=st.booleans())
    def fail(self, places: list[Place], dies: bool) -> None:
        """The process dies, or the database gives up, before the commit."""
        batch = self._batch(dict.fromkeys(places, (0, 10)))
        if dies:
            self.runner.run(self.ours.die_applying(batch))
        else:
            with pytest.raises(TransientFailure):
                self.runner.run(self.ours.fail_applying(batch))

    @rule(place=places, number=st.integers(0, 1))
    def retry(self, place: Place, number: int) -> None:
        """An operator or a timer tries a stream again."""
        for store in (self.ours, self.model):
            self.runner.run(store.retry([STREAMS[place][number]]))

    @rule()
    def mend(self) -> None:
        """A release that takes what was poison."""
        self.ours.mend()
        self.model.mend()

    @rule()
    def back_up(self) -> None:
        """What a restore may come back to."""
        self.backups.append((self.runner.run(self.ours.backup()), self.runner.run(self.model.backup())))

    @rule(number=st.integers(0, 3))
    def restore(self, number: int) -> None:
        """The store is as it was; what Kafka holds is not."""
        if self.backups:
            ours, model = self.backups[number % len(self.backups)]
            self.runner.run(self.ours.restore(ours))
            self.runner.run(self.model.restore(model))

    @invariant()
    def agree(self) -> None:
        """The two hold the same."""
        assert self.runner.run(self.ours.state()) == self.runner.run(self.model.state())

    def teardown(self) -> None:
        """Deliver all that is left: the end is the same, too."""
        if hasattr(self, "broker"):
            self._apply(dict.fromkeys(PARTITIONS, (0, 1000)), member=False)
            self.agree()

    def _apply(self, wanted: Mapping[Place, tuple[int, int]], member: bool) -> None:
        batch = self._batch(wanted)
        store = self.other if member else self.ours
        rewind, expected = self.runner.run(store.apply(batch)), self.runner.run(self.model.apply(batch))
        assert rewind == expected

    def _batch(self, wanted: Mapping[Place, tuple[int, int]]) -> list[Placed]:
        """`size` records of each partition, from so many before the stored offset on."""
        stored = self.runner.run(self.model.state()).offsets
        batch: list[Placed] = []
        for place, (shift, size) in wanted.items():
            start = max(0, stored.get(place, 0) + shift)
            batch += self.broker.partitions[place][start : start + size]
        return batch


@pytest.fixture
def machine(world: World) -> Iterator[type[StoreMachine]]:
    """The machine on a database of its own."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        StoreMachine.runner = runner
        StoreMachine.ours = runner.run(stack.enter_async_context(our_store(world)))
        StoreMachine.empty = runner.run(StoreMachine.ours.backup())
        yield StoreMachine
        runner.run(stack.aclose())


def test_s1_s3_s4_s5_s6_s9_w3_any_steps_in_any_order_end_as_the_model_says(machine: type[StoreMachine]) -> None:
    run_state_machine_as_test(machine, settings=explored(10, stateful_step_count=30))
