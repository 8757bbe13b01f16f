"""Every statement that is asked again and again answers from an index, however much a journal or a store holds.

Statistics are those of a large table, and of one that was never analysed: a plan must not hang on autovacuum.
"""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from samverkan.backbone.database import Pool, sql
from world import World

RELAY = "samverkan.backbone.relay"
JOURNAL = "samverkan.backbone.journal"
SUBSCRIPTION = "samverkan.backbone.subscription"

ROWS = 20_000
STREAM = UUID(int=7)
NOW = "2026-03-02T09:00:00Z"

FILL = f"""
insert into topic values ('t', 3);
insert into journal (stream_id, version, topic, partition, event_id, attributes, value)
select lpad(to_hex(n / 10), 32, '0')::uuid, n % 10 + 1, 't', 0, gen_random_uuid(),
       '{{"recordedtime": "{NOW}", "type": "x"}}', repeat('x', 300)::bytea
from generate_series(0, {ROWS - 1}) as n;
insert into log select position - 1, position, sha256(position::text::bytea) from journal where position <= {ROWS - 50};
insert into unsequenced select position from journal where position > {ROWS - 50};
update sequencer set next = {ROWS - 50}, cursor = {ROWS - 100};
insert into kept_event (stream_id, version, topic, partition, kafka_offset, source, log_index, event_id, leaf,
                        correlation_id, recorded_at, applied_at, entry)
select stream_id, version, topic, 0, position, '/s', position, event_id, sha256('x'), stream_id, now(), now(), value
from journal;
insert into head select distinct stream_id, 't', 10, stream_id from journal;
insert into held_stream select stream_id, 't', case when n % 2 = 0 then 'parked' else 'requires' end, 11, 'c', '',
       now() - interval '1 day', 0, case when n % 2 = 0 then now() + interval '1 day' end
from (select stream_id, row_number() over () as n from head) as h where n <= 1500;
insert into held_event select s.stream_id, 10 + v, 't', 0, 0, '/s', 0, gen_random_uuid(), sha256('x'), s.stream_id,
       now(), k.entry
from held_stream as s cross join generate_series(1, 10) as v
join kept_event as k on k.stream_id = s.stream_id and k.version = 1;
insert into held_requirement select stream_id, 't', gen_random_uuid(), 1 from held_stream where reason = 'requires';
insert into reply select 'key' || n, 'x', null from generate_series(1, {ROWS}) as n;
"""

STATEMENTS: list[tuple[str, str, tuple[Any, ...]]] = [
    (RELAY, "pending.sql", ()),
    (RELAY, "take_unsequenced.sql", (4000,)),
    (RELAY, "unacknowledged.sql", (ROWS - 100, 4000)),
    (RELAY, "lag.sql", ()),
    (JOURNAL, "lock_heads.sql", ([STREAM],)),
    (JOURNAL, "read_streams.sql", ([STREAM, UUID(int=8)], [3, 0])),
    (JOURNAL, "read_replies.sql", (["key7", "key8"],)),
    (JOURNAL, "find_event.sql", (uuid4(), STREAM)),
    (SUBSCRIPTION, "heads.sql", ([STREAM, UUID(int=8)],)),
    (SUBSCRIPTION, "held.sql", ([STREAM, UUID(int=8)],)),
    (SUBSCRIPTION, "holds.sql", ([STREAM, UUID(int=8)],)),
    (SUBSCRIPTION, "kept.sql", ([STREAM, UUID(int=8)], [3, 4])),
    (SUBSCRIPTION, "waiters.sql", ([STREAM, UUID(int=8)],)),
    (SUBSCRIPTION, "due.sql", (None, None, 100)),
]

# Large tables that none of these statements may read from end to end.
LARGE = re.compile(r"journal|log|kept_event|held_event|held_stream|held_requirement|head|reply")


@pytest.fixture
async def filled(world: World) -> AsyncIterator[Pool]:
    """A journal and a store of some size."""
    async with world.store() as pool:
        await pool.execute(FILL)
        yield pool


@pytest.mark.parametrize("analysed", [True, False], ids=["analysed", "never analysed"])
async def test_j2_r3_s_what_is_asked_again_and_again_is_answered_from_an_index(filled: Pool, analysed: bool) -> None:
    async with filled.acquire() as connection:
        if analysed:
            await connection.execute("analyze")
        for package, name, arguments in STATEMENTS:
            async with connection.transaction():
                if name == "due.sql":
                    now = await connection.fetchval("select now()")
                    arguments = (now, now + timedelta(hours=1), *arguments[2:])
                plan = await connection.fetchval(f"explain (format json, costs off) {sql(package, name)}", *arguments)
            scans = sequential(plan if isinstance(plan, list) else json.loads(plan))
            assert not [table for table in scans if LARGE.fullmatch(table)], f"{name} reads all of {scans}"


def sequential(plan: Any) -> list[str]:
    """The tables that a plan reads from end to end."""
    if isinstance(plan, list):
        return [table for part in plan for table in sequential(part)]
    found = [plan["Relation Name"]] if plan.get("Node Type") == "Seq Scan" else []
    return found + [t for key in ("Plan", "Plans") if key in plan for t in sequential(plan[key])]
