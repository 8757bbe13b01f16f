"""Whatever stands on a topic: only its own stream is affected, the store's tables show it, the rest goes on (S4)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

from batches import batch, content, produce_batch
from records import Raw, placed, raw, streams
from samverkan.backbone.parking.policy import ParkingLimit
from samverkan.backbone.subscription.consumer import unpack
from samverkan.schemas.catalogue import Topic
from scale import scaled, seeded
from verdicts import offsets
from world import Follower, World, eventually, running, topic_named

TOPIC = topic_named("samverkan.participant.malformed")


def bad(change: Callable[[Raw], Raw]) -> Callable[[Topic, UUID, int], Raw]:
    """The first event of a stream, with something wrong."""
    return lambda topic, stream, log_index: change(raw(topic, stream, 1, log_index))


def payload(value: bytes | None) -> Callable[[Topic, UUID, int], Raw]:
    """The first event of a stream with another payload."""
    return bad(lambda record: replace(record, value=value))


# The code under which a record that belongs to no stream is noted.
REJECTED: dict[str, tuple[Callable[[Topic, UUID, int], Raw], str]] = {
    "a header that is not UTF-8": (bad(lambda r: r.having("actor", b"\xff\xfe")), "envelope-not-text"),
    "NUL in a header": (bad(lambda r: r.having("actor", b"a\x00b")), "envelope-attribute-invalid"),
    "NUL in a header's name": (bad(lambda r: r.having("a\x00b", b"c")), "envelope-not-text"),
    "a control character": (bad(lambda r: r.having("actor", b"a\x07b")), "envelope-attribute-invalid"),
    "a header without a value": (bad(lambda r: r.having("id", None)), "envelope-attribute-missing"),
    "no headers at all": (bad(lambda r: replace(r, headers=())), "envelope-attribute-missing"),
    "a header twice": (
        bad(lambda r: replace(r, headers=(*r.headers, ("ce_id", str(uuid4()).encode())))),
        "envelope-attribute-doubled",
    ),
    "no streamversion": (bad(lambda r: r.without("streamversion")), "envelope-attribute-missing"),
    "a negative streamversion": (bad(lambda r: r.having("streamversion", b"-1")), "envelope-attribute-invalid"),
    "streamversion 0": (bad(lambda r: r.having("streamversion", b"0")), "envelope-attribute-invalid"),
    "a huge streamversion": (bad(lambda r: r.having("streamversion", b"9" * 18)), "envelope-attribute-invalid"),
    "a larger streamversion": (bad(lambda r: r.having("streamversion", b"9" * 40)), "envelope-attribute-invalid"),
    "a huge logindex": (bad(lambda r: r.having("logindex", b"9" * 19)), "envelope-attribute-invalid"),
    "no logindex": (bad(lambda r: r.without("logindex")), "envelope-attribute-missing"),
    "a requirement that is none": (bad(lambda r: r.having("requires", b"who/knows")), "envelope-attribute-invalid"),
    "a requirement beyond all": (
        bad(lambda r: r.having("requires", f"{TOPIC.name}/{uuid4()}@9999999999".encode())),
        "envelope-attribute-invalid",
    ),
    "a day that is none": (bad(lambda r: r.having("time", b"2026-02-30T00:00:00Z")), "envelope-attribute-invalid"),
    "a foreign source": (bad(lambda r: r.having("source", b"/samverkan/placement")), "source-not-owner"),
    "no key": (bad(lambda r: replace(r, key=None)), "key-not-subject"),
    "another key": (bad(lambda r: replace(r, key=str(uuid4()).encode())), "key-not-subject"),
    "a key that is no text": (bad(lambda r: replace(r, key=b"\xff")), "key-not-subject"),
    "no value": (payload(None), "value-missing"),
    "an empty value": (payload(b""), "value-missing"),
}

# The code under which the stream of a record is parked.
PARKED: dict[str, tuple[Callable[[Topic, UUID, int], Raw], str]] = {
    "broken JSON": (payload(b'{"agency"'), "payload-invalid"),
    "an unknown type": (bad(lambda r: r.having("type", b"se.samverkan.Unheard.v7")), "event-type-unknown"),
    "a type of another topic": (
        bad(lambda r: r.having("type", b"se.samverkan.PlacementStarted.v1")),
        "event-type-not-in-topic",
    ),
    "two megabytes": (
        lambda topic, stream, log_index: raw(topic, stream, 1, log_index, purpose="x" * 2_097_152),
        "payload-too-large",
    ),
}

FINE: dict[str, Callable[[Topic, UUID, int], Raw]] = {
    "an unknown field": payload(
        b'{"agency":"af","purpose":"test","compartments":[],"given_on":"2026-03-02","shoe_size":44}'
    ),
    "an unknown attribute": bad(lambda r: r.having("future", "å".encode())),
    "a header of somebody else": bad(lambda r: replace(r, headers=(*r.headers, ("x-trace", b"\xff\x01")))),
    "NUL in the payload": payload(b'{"agency":"af","purpose":"a\\u0000b","compartments":[],"given_on":"2026-03-02"}'),
}


async def caught_up(world: World, follower: Follower, topic: Topic) -> None:
    """Wait until the store stands at the end of the topic."""
    ends = await world.ends(topic)

    async def there() -> bool:
        return await offsets(follower.pool) == ends

    await eventually(there)


async def test_s4_every_kind_of_malformed_record_affects_only_its_own_stream(world: World) -> None:
    topic = await world.topic(partitions=1)
    expected: dict[str, dict[Any, str]] = {"rejected": {}, "parked": {}}
    good = uuid4()
    log: list[Raw] = [raw(topic, good, 1, 0)]
    fine, with_unknown = [], uuid4()
    for name, (make, code) in {**REJECTED, **PARKED}.items():
        stream = uuid4()
        if name in REJECTED:
            expected["rejected"][len(log)] = code
        else:
            expected["parked"][stream] = code
        log.append(make(topic, stream, 10_000 + len(log)))
        log.append(raw(topic, good, len([r for r in log if r.key == str(good).encode()]) + 1, len(log)))
    for name, fine_make in FINE.items():
        stream = with_unknown if name == "an unknown field" else uuid4()
        fine.append(stream)
        log.append(fine_make(topic, stream, 10_000 + len(log)))
    await world.produce(topic, log)
    async with world.store() as pool:
        follower = Follower(pool, [topic])
        async with running(follower.subscription(world.kafka)):
            await caught_up(world, follower, topic)
        tallies = await follower.tallies()
        goods = len([record for record in log if record.key == str(good).encode()])
        assert tallies.pop(good) == tuple(range(1, goods + 1))
        assert tallies == dict.fromkeys(fine, (1,))
        rejected = await pool.fetch("select kafka_offset, code from rejected_record")
        assert {row["kafka_offset"]: row["code"] for row in rejected} == expected["rejected"]
        parked = await pool.fetch("select stream_id, code from held_stream")
        assert {row["stream_id"]: row["code"] for row in parked} == expected["parked"]
        told = await pool.fetch("select stream_id from kept_event where unknown_fields")
        assert [row["stream_id"] for row in told] == [with_unknown]


async def test_s4_a_header_name_that_is_no_text_hides_nothing_behind_it(world: World) -> None:
    """The client library raises for the whole batch, at every call, for ever."""
    topic = await world.topic(partitions=1)
    good, unreadable = uuid4(), uuid4()
    of = [raw(topic, good, version, version) for version in (1, 2, 3, 4)]
    worse = raw(topic, unreadable, 1, 9)
    await world.produce(topic, of[:1])
    packed = batch([content(of[1]), content(worse, (b"\xff\xfe\xfd", b"x")), content(of[2])])
    assert await produce_batch(world.kafka.bootstrap, topic, 0, packed) == 0, "the broker takes it"
    await world.produce(topic, of[3:])
    async with world.store() as pool:
        follower = Follower(pool, [topic])
        async with running(follower.subscription(world.kafka)):
            await caught_up(world, follower, topic)
        assert await follower.tallies() == {good: (1, 2, 3, 4)}
        (rejected,) = await pool.fetch("select kafka_offset, code from rejected_record")
        assert tuple(rejected) == (2, "envelope-not-text")


def test_s4_a_batch_unpacked_here_is_what_the_library_would_have_unpacked() -> None:
    records = [raw(TOPIC, uuid4(), version, version) for version in (1, 2, 3)]
    packed = batch(map(content, records))
    unpacked = list(unpack(TopicPartition(TOPIC.name, 2), packed + packed[:70]))
    assert [(r.offset, r.key, r.value, r.headers) for r in unpacked] == [
        (offset, record.key, record.value, record.headers) for offset, record in enumerate(records)
    ]


@pytest.mark.parametrize("restart", [False, True])
async def test_s1_the_offsets_that_transactions_of_another_producer_use_up_are_passed(
    world: World, restart: bool
) -> None:
    """Markers take offsets that no record has: the position must neither wait for them nor go back for ever."""
    topic = await world.topic(partitions=1)
    ids = [uuid4() for _ in range(3)]
    log = streams(topic, ids, 4)
    producer = AIOKafkaProducer(bootstrap_servers=world.kafka.bootstrap, transactional_id=f"t-{uuid4().hex}")
    async with world.store() as pool, producer:
        follower = Follower(pool, [topic])
        for start in range(0, 12, 3):
            async with producer.transaction():
                for record in log[start : start + 3]:
                    await producer.send(
                        topic.name, record.value, key=record.key, headers=list(record.headers), partition=0
                    )
            if restart:
                await applied(world, follower, start + 3)
        await applied(world, follower, 12)
        assert await follower.tallies() == dict.fromkeys(ids, (1, 2, 3, 4))


async def applied(world: World, follower: Follower, number: int) -> None:
    """Run the subscription until so many events are applied."""

    async def there() -> bool:
        return bool(await follower.pool.fetchval("select count(*) = $1 from kept_event", number))

    async with running(follower.subscription(world.kafka)):
        await eventually(there)


async def test_s4_five_hundred_records_of_noise_stop_nobody(world: World) -> None:
    topic = await world.topic(partitions=2)
    good, log = noisy(topic, seeded(500))
    await world.produce(topic, log)
    async with world.store() as pool:
        follower = Follower(pool, [topic], limit=ParkingLimit(at_least=1_000_000))
        async with running(follower.subscription(world.kafka, max_records=37)):
            await caught_up(world, follower, topic)
        await nobody_was_stopped(follower, good)
        assert await pool.fetchval("select count(*) from rejected_record") > 100


@pytest.mark.parametrize("seed", range(scaled(3)))
async def test_s4_more_noise_without_a_broker(world: World, seed: int) -> None:
    good, log = noisy(TOPIC, seeded(seed))
    async with world.store() as pool:
        follower = Follower(pool, [TOPIC], limit=ParkingLimit(at_least=1_000_000))
        records = placed(TOPIC, log)
        for start in range(0, len(records), 50):
            await follower.applier.apply(records[start : start + 50])
        await nobody_was_stopped(follower, good)
        assert await offsets(pool) == {(TOPIC.name, 0): len(log)}


async def nobody_was_stopped(follower: Follower, good: Sequence[UUID]) -> None:
    """The good streams are applied, but for those of which somebody forged an event."""
    tallies = await follower.tallies()
    parked = {row["stream_id"] for row in await follower.pool.fetch("select stream_id from held_stream")}
    for stream in good:
        assert tallies.get(stream) == tuple(range(1, 11)) or stream in parked
    forged = {row["stream_id"] for row in await follower.pool.fetch("select stream_id from fork")}
    assert parked & set(good) <= forged, "a good stream was stopped by something else than a forged event of its own"


def noisy(topic: Topic, random: Random) -> tuple[list[UUID], list[Raw]]:
    """Six good streams of ten events with about five hundred records of noise between them."""
    good = [_uuid(random) for _ in range(6)]
    log: list[Raw] = []
    for record in streams(topic, good, 10):
        log.append(record)
        log += [replace(_noise(random, topic, good), partition=random.randrange(2)) for _ in range(8)]
    return good, log


def _uuid(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)


def _noise(random: Random, topic: Topic, good: Sequence[UUID]) -> Raw:
    """A record in which some byte, header or part is not what it was."""
    # Now and then a forged event of a good stream: that stream is parked and says why.
    stream = random.choice(good) if random.random() < 0.003 else _uuid(random)
    record = raw(topic, stream, random.randint(1, 3), random.randint(100_000, 10**12), seed="noise")
    for _ in range(random.randint(1, 3)):
        match random.randrange(6):
            case 0:
                record = replace(record, value=_damaged(random, record.value or b""))
            case 1:
                names = [name for name, _ in record.headers]
                victim = random.choice(names).removeprefix("ce_")
                record = record.having(victim, _damaged(random, dict(record.headers).get(f"ce_{victim}") or b""))
            case 2:
                record = record.without(random.choice(record.headers)[0].removeprefix("ce_"))
            case 3:
                record = replace(record, key=random.choice([None, b"", _damaged(random, record.key or b"")]))
            case 4:
                record = record.having("requires", _requirement(random, topic, good))
            case 5:
                record = replace(record, value=random.choice([None, b"", b"null", b"[]", random.randbytes(300)]))
    # The client refuses to send nothing at all.
    return replace(record, value=b"") if record.key is None and record.value is None else record


def _damaged(random: Random, content: bytes) -> bytes:
    damaged = bytearray(content or b"\x00")
    for _ in range(random.randint(1, 3)):
        damaged[random.randrange(len(damaged))] = random.randrange(256)
    return bytes(damaged[: random.randint(0, len(damaged))]) if random.random() < 0.3 else bytes(damaged)


def _requirement(random: Random, topic: Topic, good: Sequence[UUID]) -> bytes:
    some = [f"{topic.name}/{random.choice([*good, _uuid(random)])}@{random.randint(1, 2**33)}" for _ in range(9)]
    return " ".join(random.choices(some, k=random.randint(1, 9))).encode()
