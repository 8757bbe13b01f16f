"""What must hold when everything has come to rest."""

from collections.abc import Iterable
from typing import Any

from aiokafka import ConsumerRecord

from counters import followed
from samverkan.backbone.database import Pool
from samverkan.schemas.entry import leaf_hash
from samverkan.schemas.headers import from_headers


async def log_is_whole(pool: Pool) -> int:
    """J2: dense from 0, no committed row missing, per-stream order, nothing unsequenced. Returns how many rows."""
    rows = await pool.fetch(
        "select l.logindex, j.position, j.stream_id, j.version from journal as j "
        "left join log as l on l.position = j.position order by l.logindex"
    )
    assert [row["logindex"] for row in rows] == list(range(len(rows))), "the log is not dense"
    assert await pool.fetchval("select count(*) from unsequenced") == 0
    versions: dict[Any, int] = {}
    for row in rows:
        assert row["version"] == versions.get(row["stream_id"], 0) + 1, f"{row} out of stream order"
        versions[row["stream_id"]] = row["version"]
    heads = await pool.fetch("select stream_id, version from stream where version > 0")
    assert {head["stream_id"]: head["version"] for head in heads} == versions
    return len(rows)


async def topic_follows_log(pool: Pool, records: Iterable[ConsumerRecord[Any, Any]]) -> int:
    """R1: per stream in version order, a repeat only as identical bytes, never a skip. Returns how many repeats."""
    log = {row["logindex"]: row["leaf"] for row in await pool.fetch("select logindex, leaf from log")}
    highest: dict[Any, int] = {}
    sent: dict[tuple[Any, int], tuple[Any, ...]] = {}
    repeats = 0
    for record in records:
        envelope = from_headers(record.headers)
        stream, version = envelope.stream_id, envelope.version
        content = (record.key, record.value, record.headers)
        assert version <= highest.get(stream, 0) + 1, f"{stream}: {version} after {highest.get(stream, 0)}"
        highest[stream] = max(version, highest.get(stream, 0))
        assert sent.setdefault((stream, version), content) == content, f"{stream}@{version} in two versions"
        assert envelope.log_index is not None
        leaf = leaf_hash(record.topic, record.key, record.headers, record.value)
        assert log[envelope.log_index] == leaf, f"log index {envelope.log_index}: the leaf is not the stored one"
        repeats += 1
    assert len(sent) == len(log), f"{len(log) - len(sent)} of the log never came to Kafka"
    return repeats - len(sent)


async def applied_once(pool: Pool, expected: dict[Any, int], *, reacting: bool = False) -> None:
    """S1, S3: every version of every stream folded once, in order; kept events, heads and views agree.

    `reacting`: every one of them led to one event of our own, in the same order.
    """
    rows = await pool.fetch("select stream_id, seen, versions from tally")
    folded = {row["stream_id"]: tuple(row["versions"]) for row in rows}
    own = {followed(stream): last for stream, last in expected.items()} if reacting else {}
    assert folded == {stream: tuple(range(1, last + 1)) for stream, last in {**expected, **own}.items()}
    heads = {row["stream_id"]: row["version"] for row in await pool.fetch("select stream_id, version from head")}
    assert heads == expected
    assert await pool.fetchval("select count(*) from kept_event") == sum(expected.values())
    assert await pool.fetchval("select count(*) from held_stream") == 0
    assert await pool.fetchval("select count(*) from held_event") == 0


async def offsets(pool: Pool) -> dict[tuple[str, int], int]:
    """Where the store stands in Kafka."""
    rows = await pool.fetch("select topic, partition, next_offset from subscription_offset")
    return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}
