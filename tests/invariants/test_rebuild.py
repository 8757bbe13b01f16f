"""A view is folded again beside the live one and swapped: new content, and no reader or writer notices (S7)."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from counters import Tallies, Tally
from records import placed, raw, streams
from samverkan.backbone.clock import SystemClock
from samverkan.backbone.database import Connection, Pool
from samverkan.backbone.errors import Refused, Transient
from samverkan.backbone.parking.repairs import Because, Repairs
from samverkan.backbone.queries import ViewQueries
from samverkan.backbone.rebuild import events as reading
from samverkan.backbone.rebuild import rebuild as rebuilding
from samverkan.backbone.rebuild.events import Unfoldable
from samverkan.backbone.rebuild.rebuild import Rebuildable, Rebuilt, rebuild
from samverkan.backbone.rebuild.table import Beside, CannotCarryOver
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.subscription.reacting import Reader
from samverkan.schemas.catalogue import Topic
from samverkan.schemas.codec import ALL
from scale import scaled
from world import Follower, World, Writer, running, topic_named

TOPIC = topic_named("samverkan.participant.rebuild")


class Doubled(Tallies):
    """The next release's fold: counts twice."""

    def fold(self, row: Tally, recorded: Recorded) -> Tally:
        return replace(row, seen=row.seen + 2, versions=(*row.versions, recorded.envelope.version))


def store_of(name: str, topics: Iterable[Topic], *, owns: Topic | None = None, view: Any = None) -> Rebuildable:
    reader = Reader({topic.name: topic for topic in topics}, ALL, {})
    return Rebuildable(name, reader, (view or Tallies(),), owns)


async def dsn_of(pool: Pool) -> str:
    database, host = (
        await pool.fetchval("select current_database()"),
        await pool.fetchval("show unix_socket_directories"),
    )
    return f"postgresql://postgres@/{database}?host={host}"


async def rebuilt(follower: Follower, view: Any = None) -> Rebuilt:
    return await rebuild(await dsn_of(follower.pool), store_of(follower.name, follower.topics, view=view), "tally")


async def rows(pool: Pool) -> dict[UUID, tuple[int, tuple[int, ...]]]:
    return {
        row["stream_id"]: (row["seen"], tuple(row["versions"]))
        for row in await pool.fetch("select stream_id, seen, versions from tally")
    }


async def test_s7_a_rebuild_of_an_unchanged_fold_leads_to_the_same_rows(world: World) -> None:
    async with world.store() as pool:
        follower, ids = Follower(pool, [TOPIC]), [uuid4() for _ in range(50)]
        await follower.applier.apply(placed(TOPIC, streams(TOPIC, ids, 4)))
        before = await rows(pool)
        result = await rebuilt(follower)
        assert await rows(pool) == before
        assert (result.events, result.rows, result.differing, result.leftover) == (200, 50, 0, False)


async def test_s7_a_rebuild_brings_what_a_changed_fold_says_and_counts_the_rows_that_changed(world: World) -> None:
    async with world.store() as pool:
        follower, ids = Follower(pool, [TOPIC]), [uuid4() for _ in range(50)]
        await follower.applier.apply(placed(TOPIC, streams(TOPIC, ids, 4)))
        await pool.execute("delete from tally where stream_id = $1", ids[0])
        await pool.execute("update tally set seen = 8 where stream_id = $1", ids[1])  # as the new fold would say
        result = await rebuilt(follower, Doubled())
        assert await rows(pool) == dict.fromkeys(ids, (8, (1, 2, 3, 4)))
        assert result.differing == 49
        newer = Follower(pool, [TOPIC], name=follower.name, views=[Doubled()])
        await newer.applier.apply(placed(TOPIC, [raw(TOPIC, ids[0], 5, 200)], start=200))
        assert (await rows(pool))[ids[0]] == (10, (1, 2, 3, 4, 5))


async def test_s6_a_rebuild_leaves_out_what_an_operator_has_skipped(world: World) -> None:
    async with world.store() as pool:
        follower, bad = Follower(pool, [TOPIC]), uuid4()
        log = [raw(TOPIC, bad, v, v, purpose="poison" if v == 2 else "test") for v in (1, 2, 3)]
        await follower.applier.apply(placed(TOPIC, log))
        await Repairs(pool, follower.name, SystemClock()).skip(bad, 2, Because("drift-7", "bad"))
        await follower.applier.retry_due()
        assert (await rebuilt(follower)).differing == 0
        assert await rows(pool) == {bad: (2, (1, 3))}


async def test_a_rebuild_that_cannot_fold_an_event_names_it_and_changes_nothing(world: World) -> None:
    class Faulty(Tallies):
        def fold(self, row: Tally, recorded: Recorded) -> Tally:
            if recorded.envelope.version == 3:
                raise ZeroDivisionError
            return super().fold(row, recorded)

    async with world.store() as pool:
        follower, one = Follower(pool, [TOPIC]), uuid4()
        await follower.applier.apply(placed(TOPIC, streams(TOPIC, [one], 4)))
        with pytest.raises(Unfoldable, match=f"{one}@3: fold-raised"):
            await rebuilt(follower, Faulty())
        assert await rows(pool) == {one: (4, (1, 2, 3, 4))}
        assert await pool.fetchval("select to_regclass('tally__rebuilt')") is None


async def test_an_unknown_view_is_refused_with_the_names_that_there_are(world: World) -> None:
    async with world.store() as pool:
        with pytest.raises(Refused) as refused:
            await rebuild(await dsn_of(pool), store_of("any", [TOPIC]), "tallly")
        assert refused.value.code == "view-unknown" and refused.value.details["known"] == "tally"


async def test_one_view_is_rebuilt_by_one_at_a_time(world: World) -> None:
    async with world.store() as pool:
        follower = Follower(pool, [TOPIC])
        await follower.applier.apply(placed(TOPIC, streams(TOPIC, [uuid4()], 1)))
        async with pool.acquire() as other:
            await other.fetch("select pg_advisory_lock(hashtext('samverkan.rebuild'), hashtext('tally'))")
            with pytest.raises(Refused, match="rebuild-runs-already"):
                await rebuilt(follower)
            await other.fetch("select pg_advisory_unlock_all()")
        await rebuilt(follower)


LIVE = """
alter table tally set (fillfactor = 70);
alter table tally add constraint seen_is_small check (seen < 1000000);
alter table tally add constraint tally_versions_differ unique (stream_id, seen) deferrable initially deferred;
create index tally_seen on tally (seen desc) where seen > 3;
create unique index "Tally by Length" on tally (stream_id, (cardinality(versions)));
comment on table tally is 'what each stream has seen';
comment on column tally.seen is 'how often';
create role rebuild_reader; create role rebuild_writer; create role rebuild_owner;
grant rebuild_owner to postgres;
alter table tally owner to rebuild_owner;
grant select on tally to rebuild_reader with grant option;
grant insert, update (seen) on tally to rebuild_writer;
revoke truncate on tally from rebuild_owner;
"""
DESCRIBED = """
select 'column' as kind, a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' '
    || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || coalesce(a.attacl::text, '')
    || coalesce(col_description(a.attrelid, a.attnum), '') as said
from pg_attribute as a left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attrelid = 'tally'::regclass and a.attnum > 0
union all select 'index', pg_get_indexdef(indexrelid) || indisvalid from pg_index where indrelid = 'tally'::regclass
union all select 'constraint', conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
    where conrelid = 'tally'::regclass
union all select 'table', relowner::regrole || relpersistence::text || reloptions::text || (
    select string_agg(acl::text, ' ' order by acl::text) from unnest(relacl) as acl)
    from pg_class where oid = 'tally'::regclass
union all select 'type', typname || typowner::regrole::text from pg_type where typrelid = 'tally'::regclass
order by 1, 2
"""


async def test_a_rebuilt_table_has_the_indexes_constraints_defaults_owner_and_grants_of_the_live_one(
    world: World,
) -> None:
    async with world.store() as pool:
        follower = Follower(pool, [TOPIC])
        await follower.applier.apply(placed(TOPIC, streams(TOPIC, [uuid4() for _ in range(5)], 4)))
        await pool.execute(LIVE)
        try:
            before = [tuple(row) for row in await pool.fetch(DESCRIBED)]
            assert len(before) > 12
            oid = await pool.fetchval("select 'tally'::regclass::oid")
            await rebuilt(follower)
            assert await pool.fetchval("select 'tally'::regclass::oid") != oid
            assert [tuple(row) for row in await pool.fetch(DESCRIBED)] == before
            assert await pool.fetchval("select obj_description('tally'::regclass)") == "what each stream has seen"
        finally:
            await pool.execute("drop owned by rebuild_owner, rebuild_reader, rebuild_writer cascade")
            await pool.execute("drop role rebuild_owner, rebuild_reader, rebuild_writer")


@pytest.mark.parametrize(
    ("hung", "named"),
    [
        ("create view seen_by_all as select seen from tally", "a rule or a view"),
        ("create table child (t uuid references tally (stream_id))", "a foreign key"),
        ("create trigger noticed before update on tally for each row execute function refuse_change()", "a trigger"),
        ("alter table tally enable row level security", "a policy"),
        ("alter table tally add column n integer generated always as identity", "an identity"),
        ("alter table tally add column n serial", "an identity or serial column, n"),
    ],
)
async def test_what_cannot_be_carried_over_is_refused_before_anything_is_done(
    world: World, hung: str, named: str
) -> None:
    async with world.store() as pool:
        await pool.execute(hung)
        with pytest.raises(CannotCarryOver, match=named):
            await rebuilt(Follower(pool, [TOPIC]))
        assert await pool.fetchval("select to_regclass('tally__rebuilt')") is None


async def test_a_rebuild_that_was_killed_leaves_the_live_view_and_the_next_one_begins_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world.store() as pool:
        follower, ids = Follower(pool, [TOPIC]), [uuid4() for _ in range(5)]
        await follower.applier.apply(placed(TOPIC, streams(TOPIC, ids, 4)))
        before = await rows(pool)
        with monkeypatch.context() as patched:

            async def died(self: Any) -> int:
                backend = await self._connection.fetchval("select pg_backend_pid()")
                await pool.execute("select pg_terminate_backend($1)", backend)
                return int(await self._connection.fetchval("select 1"))

            patched.setattr(rebuilding._Rebuilding, "_compare", died)
            with pytest.raises(Transient):
                await rebuilt(follower)
        assert await pool.fetchval("select to_regclass('tally__rebuilt')") is not None
        assert await rows(pool) == before
        assert (await rebuilt(follower, Doubled())).leftover
        assert await rows(pool) == dict.fromkeys(ids, (8, (1, 2, 3, 4)))
        assert await pool.fetchval("select to_regclass('tally__rebuilt')") is None


FOREIGN = topic_named("samverkan.placement.rebuild", owner="placement")


async def test_s7_no_reader_and_no_batch_notices_that_a_view_is_swapped_under_it(world: World) -> None:
    """Prepared statements of a process that goes on reading and applying, through several swaps."""
    async with world.store() as pool:
        follower, ids = Follower(pool, [TOPIC]), [uuid4() for _ in range(60)]
        versions = scaled(30)
        log = streams(TOPIC, ids, versions)
        await follower.applier.apply(placed(TOPIC, log[:60]))
        done, queries, looks = asyncio.Event(), ViewQueries(pool), 0

        async def write() -> None:
            for start in range(60, len(log), 60):
                await follower.applier.apply(placed(TOPIC, log[start : start + 60], start=start))

        async def read() -> None:
            nonlocal looks
            seen = dict.fromkeys(ids, 1)
            while not done.is_set():
                for row in await queries.select(Tallies, limit=500):
                    assert row.versions == tuple(range(1, row.seen + 1)) and row.seen >= seen[row.stream_id]
                    seen[row.stream_id] = row.seen
                assert await queries.count(Tallies) == len(ids), "never half done, never gone"
                looks += 1

        readers, writer = [asyncio.create_task(read()) for _ in range(3)], asyncio.create_task(write())
        swaps = 0
        while swaps < 4 or not writer.done():
            result = await rebuilt(follower)
            assert result.differing == 0
            swaps += 1
        done.set()
        await asyncio.gather(writer, *readers)
        assert looks > 10
        assert await rows(pool) == dict.fromkeys(ids, (versions, tuple(range(1, versions + 1))))


async def test_s7_a_shared_view_is_rebuilt_under_commands_and_loses_none(world: World) -> None:
    """Own events, numbered by a relay or not yet, and others' events, while both go on being written."""
    async with world.store() as pool:
        own = await world.topic()
        writer = await Writer(pool, own).ready()
        follower = Follower(pool, [FOREIGN], owns=own)
        mine, others = [uuid4() for _ in range(20)], [uuid4() for _ in range(20)]
        log = streams(FOREIGN, others, 40)
        done, counted = asyncio.Event(), dict.fromkeys(mine, 0)

        async def command(some: list[UUID]) -> None:
            while not done.is_set():
                for one in some:
                    await writer.count(one)
                    counted[one] += 1

        async def apply() -> None:
            for start in range(0, len(log), 20):
                await follower.applier.apply(placed(FOREIGN, log[start : start + 20], start=start))
                await asyncio.sleep(0.01)

        async with running(writer.relay(world.kafka)):
            tasks = [asyncio.create_task(command(mine[n::5])) for n in range(5)]
            applying = asyncio.create_task(apply())
            store = store_of(follower.name, [FOREIGN], owns=own)
            results = [await rebuild(await dsn_of(pool), store, "tally") for _ in range(scaled(4))]
            await applying
            done.set()
            await asyncio.gather(*tasks)
        assert [result.differing for result in results] == [0] * len(results)
        expected = {one: tuple(range(1, count + 1)) for one, count in counted.items()}
        expected |= dict.fromkeys(others, tuple(range(1, 41)))
        assert {key: versions for key, (_, versions) in (await rows(pool)).items()} == expected
        assert min(counted.values()) > 5
        result = await rebuild(
            await dsn_of(pool), store_of(follower.name, [FOREIGN], owns=own, view=Doubled()), "tally"
        )
        assert result.events == sum(counted.values()) + len(log)
        assert all(seen == 2 * len(versions) for seen, versions in (await rows(pool)).values())


async def test_s7_a_rebuild_folds_the_same_in_small_pieces_that_leave_memory_in_between(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "WINDOW", 11)
    monkeypatch.setattr(rebuilding, "ROWS_IN_MEMORY", 7)
    async with world.store() as pool:
        follower, ids = Follower(pool, [TOPIC]), [uuid4() for _ in range(30)]
        await follower.applier.apply(placed(TOPIC, streams(TOPIC, ids, 4)))
        result = await rebuilt(follower, Doubled())
        assert await rows(pool) == dict.fromkeys(ids, (8, (1, 2, 3, 4)))
        assert (result.events, result.differing) == (120, 30)


async def test_s0_while_the_tables_are_swapped_nothing_is_applied_numbered_or_half_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world.store() as pool:
        follower = Follower(pool, [TOPIC])
        await follower.applier.apply(placed(TOPIC, streams(TOPIC, [uuid4()], 2)))
        swap, held = Beside.swap, []

        async def watched(self: Beside, connection: Connection) -> None:
            for lock in ("select from subscription for update", "select from sequencer for update", "table tally"):
                async with pool.acquire() as other, other.transaction():
                    await other.execute("set local lock_timeout = '50ms'")
                    with pytest.raises(asyncpg.LockNotAvailableError):
                        await other.execute(lock)
                    held.append(lock)
            await swap(self, connection)

        monkeypatch.setattr(Beside, "swap", watched)
        await rebuilt(follower)
        assert len(held) == 3
