"""S4: a reaction whose event cannot be published parks the event that led to it, and nothing else."""

from collections.abc import Iterable, Sequence
from uuid import uuid4

import pytest

from counters import DAY, Counter, evolve, follow_refused
from records import placed, raw
from samverkan.backbone.decider import Aggregate, Order
from samverkan.backbone.recorded import Recorded
from samverkan.schemas.catalogue import PLACEMENT
from samverkan.schemas.event import Event
from samverkan.schemas.participant import ConsentGiven
from samverkan.schemas.placement import ConsultationReason, UnionConsulted, UnionOpinion
from world import Follower, World


def write_what_is_asked(command: str, _: Counter) -> Sequence[Event]:
    """An enum's member that only a newer release knows, a payload that Kafka would not take, or a plain event."""
    opinion = UnionOpinion.UNKNOWN if command == "enum" else UnionOpinion.YES
    reason = ConsultationReason(reason="x" * 1_000_000) if command == "large" else None
    return [UnionConsulted(opinion=opinion, consulted_on=DAY, employment=reason)]


WRITER = Aggregate("writer", PLACEMENT.name, Counter(), write_what_is_asked, evolve, follow_refused)


def on_consent_given(recorded: Recorded) -> Iterable[Order]:
    """One event on a stream of the same id."""
    assert isinstance(recorded.event, ConsentGiven)
    return [Order(WRITER, recorded.stream_id, recorded.event.purpose)]


@pytest.mark.parametrize(("asked", "code"), [("enum", "enum-unknown"), ("large", "event-too-large")])
async def test_s4_a_reaction_that_cannot_be_written_parks_only_its_cause(world: World, asked: str, code: str) -> None:
    topic, own = await world.topic(), await world.topic(PLACEMENT)
    async with world.store() as pool:
        follower = Follower(pool, [topic], owns=own, reactions={ConsentGiven: on_consent_given})
        await pool.execute("insert into topic values ($1, $2)", own.name, own.partitions)
        bad, good = uuid4(), uuid4()
        records = placed(topic, [raw(topic, bad, 1, 0, purpose=asked), raw(topic, good, 1, 1, purpose="plain")])
        applied = await follower.applier.apply(records)
        assert {stream: hold.code for stream, hold in applied.parked.items()} == {bad: code}
        assert [event.stream_id for event in applied.events] == [good]
        written = await pool.fetch("select stream_id from journal")
        assert [row["stream_id"] for row in written] == [good]
