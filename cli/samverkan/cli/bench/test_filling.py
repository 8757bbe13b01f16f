"""A journal that was filled by COPY is the journal that its own `append` would have written, byte for byte."""

from datetime import datetime
from uuid import UUID

import pytest

from samverkan.backbone.command import Context
from samverkan.backbone.database import Pool, connect, transaction
from samverkan.backbone.journal.journal import Journal, Write
from samverkan.cli.bench import filling
from samverkan.cli.bench.filling import FillingDiffers, event, fill
from samverkan.deploy.embedded.postgres import EmbeddedPostgres
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.schemas.catalogue import PARTICIPANT

_ROWS = """
select stream_id, version, topic, partition, event_id, attributes::text, value, position
from journal order by position
"""
_HEADS = "select * from stream order by stream_id"
_WAITING = "select position from unsequenced order by position"


async def test_filled_rows_are_those_that_append_writes(postgres: EmbeddedPostgres, database: str) -> None:
    other = postgres.create_database("filled_by_hand")
    try:
        for dsn in (database, other):
            migrate(dsn, *folders_of("intake"))
        filled, appended = await connect(database), await connect(other)
        try:
            journal = Journal(PARTICIPANT)
            await fill(filled, journal, streams=3, events=10)
            await _append_the_same(filled, appended, journal)
            for statement in (_ROWS, _HEADS, _WAITING):
                assert await filled.fetch(statement) == await appended.fetch(statement)
            versions = await filled.fetch("select version, count(*) as n from journal group by 1 order by 1")
            assert [tuple(row) for row in versions] == [(1, 3), (2, 3), (3, 3), (4, 1)]
        finally:
            await filled.close()
            await appended.close()
    finally:
        postgres.drop_database("filled_by_hand")


async def test_rows_that_differ_from_the_journal_s_end_the_bench(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(database, *folders_of("intake"))
    pool = await connect(database)
    monkeypatch.setattr(filling, "_like", lambda pattern, stream, command_id: (*pattern[:5], b"{}"))
    try:
        with pytest.raises(FillingDiffers):
            await fill(pool, Journal(PARTICIPANT), streams=3, events=3)
    finally:
        await pool.close()


async def _append_the_same(filled: Pool, appended: Pool, journal: Journal) -> None:
    """Each row's event by the journal's own way, at the time and by the command that the row names."""
    name, partitions = journal.topic.name, journal.topic.partitions
    await appended.execute("insert into topic values ($1, $2)", name, partitions)
    for row in await filled.fetch("select stream_id, version, attributes from journal order by position"):
        attributes = row["attributes"]
        context = Context(
            datetime.fromisoformat(attributes["recordedtime"]),
            UUID(attributes["commandid"]),
            actor=attributes["actor"],
            agency=attributes["agency"],
        )
        async with transaction(appended) as connection:
            head = (await journal.lock_heads(connection, [row["stream_id"]]))[row["stream_id"]]
            await journal.append(connection, journal.prepare([Write(head, [event(row["version"])], context)]))
