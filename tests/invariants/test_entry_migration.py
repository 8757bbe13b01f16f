"""0003_entry.sql: what was kept as attributes and value is kept as an entry, and not a byte of it has changed."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import orjson

from samverkan.deploy.migrate import folders_of, migrate
from samverkan.schemas.entry import entry_of
from samverkan.schemas.golden import golden_samples
from samverkan.schemas.headers import from_headers

BACKBONE = folders_of("agency")[0]
BEFORE = "0001_journal.sql", "0002_subscription.sql"
COLUMNS = (
    *("stream_id", "version", "topic", "partition", "kafka_offset", "source", "log_index", "event_id", "leaf"),
    *("correlation_id", "recorded_at", "attributes", "value"),
)


async def test_a_store_of_the_first_release_keeps_every_event_byte_for_byte(database: str, tmp_path: Path) -> None:
    for name in BEFORE:
        shutil.copy(BACKBONE / name, tmp_path)
    migrate(database, tmp_path)
    expected: dict[UUID, tuple[bytes, bytes]] = {}
    connection = await asyncpg.connect(database)
    try:
        for number, sample in enumerate(golden_samples()):
            envelope, event_id = from_headers(sample.headers), uuid4()
            attributes = {n.removeprefix("ce_"): t.decode() for n, t in reversed(sample.headers) if n.startswith("ce_")}
            place = (envelope.stream_id, envelope.version, sample.topic, 0, number, envelope.source, number, event_id)
            row = (*place, sample.leaf, envelope.correlation_id, envelope.recorded_at)
            table, more = ("held_event", ()) if number % 3 == 0 else ("kept_event", (datetime.now(UTC),))
            columns = (*COLUMNS, *(("applied_at",) if more else ()))
            await connection.execute(
                f"insert into {table} ({', '.join(columns)}) "
                f"values ({', '.join(f'${place + 1}' for place in range(len(columns)))})",
                *row,
                orjson.dumps(attributes).decode(),
                sample.value,
                *more,
            )
            await connection.execute(
                "insert into head values ($1, $2, 1) on conflict do nothing", envelope.stream_id, sample.topic
            )
            expected[event_id] = (entry_of(sample.topic, sample.key, sample.headers, sample.value), sample.leaf)
        migrate(database, BACKBONE)
        statement = "select event_id, entry, leaf, sha256('\\x00'::bytea || entry) as hashed from {} order by event_id"
        rows = [
            row for table in ("kept_event", "held_event") for row in await connection.fetch(statement.format(table))
        ]
        cases = await connection.fetchval("select count(*) from head where correlation_id is not null")
    finally:
        await connection.close()
    assert {row["event_id"]: (row["entry"], row["leaf"]) for row in rows} == expected
    assert all(row["hashed"] == row["leaf"] for row in rows)
    assert cases > 0
