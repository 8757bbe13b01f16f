"""S7: whatever the interleaving, the batches and the repeats, what is applied in the end is the same.

The pure core is compared with a model that knows nothing of batches: over all events ever seen, apply what may be
applied until nothing more can. Hypothesis shrinks what differs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from records import Raw, placed, raw
from samverkan.backbone.subscription.admission import Hold, admit
from samverkan.backbone.subscription.arrival import Arrival, Rejected, read_record
from samverkan.backbone.subscription.readied import Failure
from samverkan.schemas.catalogue import Topic
from samverkan.schemas.envelope import Requirement
from scale import explored, scaled, seeded
from verdicts import applied_once
from world import Follower, World, topic_named

TOPICS = (
    topic_named("samverkan.participant.s7"),
    topic_named("samverkan.placement.s7", owner="placement"),
    topic_named("samverkan.participant.s7c"),
)
ELSEWHERE = "samverkan.funding"
SUBSCRIBED = {topic.name for topic in TOPICS}
STREAMS = [uuid5(UUID(int=0), str(number)) for number in range(6)]

Place = tuple[UUID, int]


@dataclass(frozen=True)
class World7:
    """Events of a few streams, which of them require what, which fail, and in what order and batches they arrive."""

    events: tuple[Arrival, ...]
    failing: frozenset[Place]
    batches: tuple[tuple[Arrival, ...], ...]


def topic_of(stream: UUID) -> Topic:
    """A stream's topic."""
    return TOPICS[STREAMS.index(stream) % len(TOPICS)]


@st.composite
def worlds(draw: st.DrawFn) -> World7:
    """A world in which circles, holes, failures and repeats are as likely as their absence."""
    lengths = {stream: draw(st.integers(0, 4)) for stream in STREAMS}
    places = [(stream, version) for stream in STREAMS for version in range(1, lengths[stream] + 1)]
    events = []
    for index, (stream, version) in enumerate(places):
        requires = [
            Requirement(topic_of(other).name if known else ELSEWHERE, other, needed)
            for other, needed, known in draw(
                st.lists(st.tuples(st.sampled_from(STREAMS), st.integers(1, 5), st.booleans()), max_size=2)
            )
        ]
        topic = topic_of(stream)
        (record,) = placed(topic, [raw(topic, stream, version, index, requires=requires)], start=index)
        arrival = read_record(record, topic)
        assert not isinstance(arrival, Rejected)
        events.append(arrival)
    missing = draw(st.sets(st.integers(0, len(events)), max_size=1))
    failing = draw(st.frozensets(st.sampled_from(places), max_size=2)) if places else frozenset()
    arriving = draw(st.permutations([event for index, event in enumerate(events) if index not in missing]))
    arriving += draw(st.lists(st.sampled_from(arriving), max_size=4)) if arriving else []
    cuts = sorted(draw(st.lists(st.integers(0, len(arriving)), max_size=4)))
    edges = [0, *cuts, len(arriving)]
    batches = tuple(tuple(arriving[a:b]) for a, b in pairwise(edges))
    return World7(tuple(events), failing, batches)


def naive(world: World7) -> tuple[dict[UUID, int], dict[UUID, str]]:
    """Heads and the reason of every stream that stands still, from all that arrived, without batches or queues."""
    arrived = {(event.stream_id, event.version): event for batch in world.batches for event in batch}
    heads: dict[UUID, int] = {}
    parked: set[UUID] = set()
    moved = True
    while moved:
        moved = False
        for stream in STREAMS:
            event = arrived.get((stream, heads.get(stream, 0) + 1))
            if event is None or stream in parked or not met(event, heads):
                continue
            if (stream, event.version) in world.failing:
                parked.add(stream)
            else:
                heads[stream] = event.version
            moved = True
    reasons: dict[UUID, str] = {}
    for stream in {stream for stream, version in arrived if version > heads.get(stream, 0)}:
        if stream in parked:
            reasons[stream] = "parked"
        else:
            reasons[stream] = "requires" if (stream, heads.get(stream, 0) + 1) in arrived else "hole"
    return heads, reasons


def met(event: Arrival, heads: Mapping[UUID, int]) -> bool:
    """Whether all that the event requires on topics subscribed to is applied."""
    return all(r.topic not in SUBSCRIBED or heads.get(r.stream_id, 0) >= r.version for r in event.envelope.requires)


@given(worlds(), st.one_of(st.none(), st.integers(1, 3)))
@explored(150)
def test_s7_any_interleaving_in_any_batches_ends_as_the_naive_model_says(world: World7, limit: int | None) -> None:
    heads: dict[UUID, int] = {}
    waiting: dict[UUID, dict[int, Arrival]] = {}
    parked: dict[UUID, Hold] = {}
    order: list[Place] = []
    reasons: dict[UUID, str] = {}

    def attempt(event: Arrival) -> Failure | None:
        place = (event.stream_id, event.version)
        return Failure("fold-raised") if place in world.failing else None

    for batch in world.batches:
        for event in batch:
            if event.version > heads.get(event.stream_id, 0):
                waiting.setdefault(event.stream_id, {})[event.version] = event
        while True:  # `limit` applies a batch in parts, as when the database refuses the whole of it
            admitted = admit(waiting, heads, parked, SUBSCRIBED, attempt, limit=limit)
            order += [(event.stream_id, event.version) for event in admitted.applied]
            heads = {stream: version for stream, version in admitted.heads.items() if version}
            if admitted.complete:
                break
        parked = {stream: hold for stream, hold in admitted.holds.items() if hold.reason == "parked"}
        reasons = {stream: hold.reason for stream, hold in admitted.holds.items()}
        for event in admitted.applied:
            waiting[event.stream_id].pop(event.version, None)
    expected_heads, expected_reasons = naive(world)
    assert heads == expected_heads
    assert reasons == expected_reasons
    assert len(order) == len(set(order)) == sum(heads.values()), "applied once"
    respects(order, world.events)


def respects(order: Sequence[Place], events: Sequence[Arrival]) -> None:
    """Streams in version order, and nothing before what it required."""
    by_place = {(event.stream_id, event.version): event for event in events}
    heads: dict[UUID, int] = {}
    for stream, version in order:
        assert version == heads.get(stream, 0) + 1
        assert met(by_place[stream, version], heads)
        heads[stream] = version


async def test_s7_the_store_ends_the_same_for_shuffled_topics_and_batches(world: World) -> None:
    """The same over the real store: three topics, requirements across them, partitions read at any relative speed."""
    async with world.store() as pool:
        for seed in range(scaled(6)):
            random = seeded(seed)
            await pool.execute("truncate kept_event, head, subscription_offset, tally, held_stream cascade")
            await pool.execute("truncate held_event")
            follower = Follower(pool, TOPICS)
            ids = {topic: [uuid5(UUID(int=seed), f"{topic.name}{n}") for n in range(4)] for topic in TOPICS}
            logs = {}
            for number, topic in enumerate(TOPICS):
                before = TOPICS[number - 1] if number else None
                log: list[Raw] = []
                for version in range(1, 6):
                    for place, stream in enumerate(ids[topic]):
                        requires = [Requirement(before.name, ids[before][place], version)] if before else []
                        log.append(raw(topic, stream, version, 1000 * number + len(log), requires=requires))
                logs[topic] = placed(topic, log)
            while any(logs.values()):
                batch = []
                for topic in random.sample(TOPICS, random.randint(1, 3)):
                    size = random.randint(0, 7)
                    batch += logs[topic][:size]
                    logs[topic] = logs[topic][size:]
                await follower.applier.apply(batch)
            await applied_once(pool, {stream: 5 for topic in TOPICS for stream in ids[topic]})
