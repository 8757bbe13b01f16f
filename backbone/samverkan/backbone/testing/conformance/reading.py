"""S0 – S9 and W3: what a store of events must do, whoever wrote it. The words are those of store.py."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from random import Random
from uuid import UUID, uuid5

import pytest

from samverkan.backbone.testing.conformance.records import Placed, placed, raw, streams
from samverkan.backbone.testing.conformance.store import (
    CONSTRAINT,
    FIRST,
    POISON,
    SECOND,
    StandsStill,
    State,
    Store,
    TransientFailure,
)
from samverkan.schemas.envelope import Requirement

A, B, C, D = (uuid5(UUID(int=9), name) for name in "ABCD")


def of(stream: UUID, *versions: int, purpose: str = "test", start: int = 0, log: int = 0) -> list[Placed]:
    """Events of a stream on the first topic's first partition, from the offset `start` on."""
    return placed(
        FIRST, [raw(FIRST, stream, version, log + 100 * version, purpose=purpose) for version in versions], start=start
    )


def needing(stream: UUID, on: UUID, version: int = 1, *, start: int = 0) -> list[Placed]:
    """The first event of a stream on the second topic, which requires a version of one on the first."""
    requires = [Requirement(FIRST.name, on, version)]
    return placed(SECOND, [raw(SECOND, stream, 1, start, requires=requires)], start=start)


class ReadingConformance(ABC):
    """Inherit, say how a store is made, and every test runs on it."""

    @abstractmethod
    def store(self, *, halts_above: int = 1_000_000) -> AbstractAsyncContextManager[Store]:
        """An empty store that follows the two topics; more parked streams than this at once halt it (S4)."""

    async def test_s0_members_that_apply_the_same_records_at_once_apply_them_once(self) -> None:
        async with self.store() as store:
            ids = [uuid5(A, str(number)) for number in range(6)]
            batch = placed(FIRST, streams(FIRST, ids, 12))
            members = [store, *(store.member() for _ in range(3))]
            for start in range(0, 72, 18):
                await asyncio.gather(*(member.apply(batch[start : start + 18]) for member in members))
            assert (await store.state()).rows == dict.fromkeys(ids, tuple(range(1, 13)))

    async def test_s0_what_waits_is_never_missed_by_what_it_waits_for(self) -> None:
        async with self.store() as store:
            other = store.member()
            for number in range(25):
                cause, effect = uuid5(A, str(number)), uuid5(B, str(number))
                await asyncio.gather(
                    store.apply(of(cause, 1, start=number, log=number)),
                    other.apply(needing(effect, cause, start=number)),
                )
                assert not (await store.state()).held, "nobody woke the one that waited"

    async def test_s1_a_batch_delivered_twice_is_applied_once(self) -> None:
        async with self.store() as store:
            batch = of(A, 1, 2, 3)
            await store.apply(batch)
            await store.apply(batch)
            await store.apply([*batch, *of(A, 4, start=3)])
            assert await store.state() == settled({A: 4}, offset=4)

    async def test_s1_a_batch_that_begins_above_the_stored_offset_is_not_believed(self) -> None:
        async with self.store() as store:
            batch = of(A, 1, 2, 3, 4)
            await store.apply(batch[:1])
            assert await store.apply(batch[2:]) == {(FIRST.name, 0): 1}
            assert await store.state() == settled({A: 1}, offset=1), "records between were skipped for good"
            await store.apply(batch[1:])
            assert await store.state() == settled({A: 4}, offset=4)

    async def test_s1_a_topic_new_to_the_store_starts_at_0(self) -> None:
        async with self.store() as store:
            assert await store.apply(of(A, 1, start=40)) == {(FIRST.name, 0): 0}
            assert await store.state() == State()

    async def test_s1_the_offset_falls_with_the_effect(self) -> None:
        async with self.store() as store:
            batch = of(A, 1, 2, 3)
            await store.apply(batch[:1])
            await store.die_applying(batch[1:])
            assert await store.state() == settled({A: 1}, offset=1), "something of a dead transaction stayed"
            await store.apply(batch[1:])
            assert await store.state() == settled({A: 3}, offset=3)

    async def test_s1_a_store_restored_from_any_backup_catches_up_to_the_same_rows(self) -> None:
        async with self.store() as store:
            batch = of(A, 1, 2, 3, 4, 5)
            await store.apply(batch[:2])
            backup = await store.backup()
            await store.apply(batch[2:])
            await store.restore(backup)
            assert await store.apply(batch[4:]) == {(FIRST.name, 0): 2}, "where it stood before means nothing now"
            await store.apply(batch[2:])
            assert await store.state() == settled({A: 5}, offset=5)

    async def test_s2_a_batch_that_failed_is_whole_when_it_comes_again_and_parks_nothing(self) -> None:
        async with self.store() as store:
            batch = [*of(A, 1, 2), *needing(B, A)]
            for _ in range(3):
                with pytest.raises(TransientFailure):
                    await store.fail_applying(batch)
                assert await store.state() == State()
            await store.apply(batch)
            state = await store.state()
            assert state.rows == {A: (1, 2), B: (1,)} and not state.held

    async def test_s3_any_order_of_arrival_with_repeats_ends_the_same(self) -> None:
        for seed in range(3):
            async with self.store() as store:
                random = Random(seed)
                log = streams(FIRST, [A, B, C], 5)
                arriving = [*log, *random.sample(log, 6)]
                random.shuffle(arriving)
                await in_parts(store, placed(FIRST, arriving), random)
                assert await store.state() == settled({A: 5, B: 5, C: 5}, offset=21)

    async def test_s3_a_hole_waits_and_holds_up_nobody_else(self) -> None:
        async with self.store() as store:
            await store.apply([*of(A, 1, 3, 4), *of(B, 1, start=3, log=1)])
            state = await store.state()
            assert (state.rows, state.held, state.queued) == ({A: (1,), B: (1,)}, {A: ("hole", 2)}, {A: (3, 4)})
            await store.apply(of(A, 2, start=4))
            assert await store.state() == settled({A: 4, B: 1}, offset=5)

    @pytest.mark.parametrize("purpose", [POISON, CONSTRAINT])
    async def test_s4_a_bad_event_parks_its_stream_and_no_other(self, purpose: str) -> None:
        async with self.store() as store:
            bad = of(A, 2, purpose=purpose, start=2)
            await store.apply([*of(A, 1), *of(B, 1, start=1, log=1), *bad, *of(A, 3, start=3)])
            await store.apply([*of(A, 4, start=4), *of(B, 2, start=5, log=1)])
            state = await store.state()
            assert state.held == {A: ("parked", 2)}
            assert (state.rows, state.queued) == ({A: (1,), B: (1, 2)}, {A: (2, 3, 4)})
            assert state.offsets == {(FIRST.name, 0): 6}, "one bad stream stopped the others"

    async def test_s4_several_refused_writes_in_one_batch_are_each_found(self) -> None:
        async with self.store() as store:
            ids = [uuid5(A, str(number)) for number in range(40)]
            bad = {ids[3], ids[4], ids[39]}
            records = [raw(FIRST, one, 1, n, purpose=CONSTRAINT if one in bad else "test") for n, one in enumerate(ids)]
            await store.apply(placed(FIRST, records))
            state = await store.state()
            assert state.held == dict.fromkeys(bad, ("parked", 1))
            assert state.rows == dict.fromkeys(set(ids) - bad, (1,))

    async def test_s4_too_many_parked_at_once_is_a_bad_release_and_nothing_is_applied(self) -> None:
        async with self.store(halts_above=5) as store:
            ids = [uuid5(A, str(number)) for number in range(7)]
            records = [raw(FIRST, one, 1, n, purpose=POISON if n else "test") for n, one in enumerate(ids)]
            with pytest.raises(StandsStill):
                await store.apply(placed(FIRST, records))
            assert await store.state() == State()

    async def test_s5_what_came_too_early_waits_and_is_released_by_what_it_required(self) -> None:
        async with self.store() as store:
            await store.apply(needing(B, A, 2))
            await store.apply(of(A, 1))
            state = await store.state()
            assert (state.rows, state.held) == ({A: (1,)}, {B: ("requires", 1)}), "it was applied before its cause"
            await store.apply(of(A, 2, start=1))
            state = await store.state()
            assert (state.rows, state.held) == ({A: (1, 2), B: (1,)}, {})

    async def test_s5_waiting_is_not_parking_and_never_halts(self) -> None:
        async with self.store(halts_above=2) as store:
            early = [needing(uuid5(B, str(n)), uuid5(A, str(n)), start=n)[0] for n in range(20)]
            await store.apply([*early, *of(A, 2)])
            assert {reason for reason, _ in (await store.state()).held.values()} == {"requires", "hole"}

    async def test_s6_a_mended_stream_drains_in_order_and_wakes_who_waited(self) -> None:
        async with self.store() as store:
            await store.apply([*of(A, 1, purpose=POISON), *of(A, 2, 3, start=1), *needing(B, A, 3)])
            await store.retry([A])
            assert (await store.state()).held == {A: ("parked", 1), B: ("requires", 1)}
            store.mend()
            await store.retry([A])
            state = await store.state()
            assert (state.rows, state.held, state.queued) == ({A: (1, 2, 3), B: (1,)}, {}, {})

    async def test_s7_topics_read_at_any_relative_speed_lead_to_the_same_rows(self) -> None:
        causes = [*of(A, 1, 2, 3), *of(C, 1, 2, start=3, log=1)]
        effects = [*needing(B, A, 3), *needing(D, C, 2, start=1)]
        for seed in range(4):
            async with self.store() as store:
                random = Random(seed)
                left = {FIRST: causes, SECOND: effects}
                while any(left.values()):
                    topic = random.choice([topic for topic in left if left[topic]])
                    size = random.randint(1, 3)
                    await store.apply(left[topic][:size])
                    left[topic] = left[topic][size:]
                state = await store.state()
                assert (state.rows, state.held) == ({A: (1, 2, 3), C: (1, 2), B: (1,), D: (1,)}, {})

    async def test_s9_a_member_that_lost_its_partitions_finishes_an_old_batch_without_harm(self) -> None:
        async with self.store() as store:
            batch = of(A, 1, 2, 3, 4)
            revoked, owner = store, store.member()
            await owner.apply(batch[:2])
            await owner.apply(batch[2:])
            await revoked.apply(batch[:3])
            assert await store.state() == settled({A: 4}, offset=4)

    @pytest.mark.parametrize("applied", [True, False], ids=["applied", "waiting"])
    async def test_w3_another_event_at_a_taken_version_parks_the_stream_and_is_never_dropped(
        self, applied: bool
    ) -> None:
        async with self.store() as store:
            taken = 1 if applied else 3
            forged = placed(FIRST, [raw(FIRST, A, taken, 100 * taken, seed="forged")], start=1)
            await store.apply(of(A, taken))
            await store.apply([*forged, *of(A, 2, start=2), *of(B, 1, start=3, log=1)])
            state = await store.state()
            assert state.forks == {(FIRST.name, 0, 1)}, "a fork was taken for a repeat"
            assert state.held == {A: ("parked", taken)}
            assert state.rows == ({A: (1,), B: (1,)} if applied else {B: (1,)})

    async def test_w3_another_leaf_at_a_taken_log_index_parks_the_stream_that_brought_it(self) -> None:
        async with self.store() as store:
            await store.apply(of(A, 1, log=7))
            await store.apply([*of(B, 1, start=1, log=7), *of(C, 1, start=2, log=8)])
            state = await store.state()
            assert state.forks == {(FIRST.name, 0, 1)}
            assert state.held == {B: ("parked", 1)}
            assert state.rows == {A: (1,), C: (1,)}


def settled(heads: dict[UUID, int], *, offset: int) -> State:
    """Everything of the first topic's first partition is applied, once and in order, and nothing stands still."""
    rows = {stream: tuple(range(1, last + 1)) for stream, last in heads.items()}
    return State(heads, rows, offsets={(FIRST.name, 0): offset})


async def in_parts(store: Store, records: Sequence[Placed], random: Random) -> None:
    """Apply the records in batches of chance."""
    while records:
        size = random.randint(1, 7)
        await store.apply(records[:size])
        records = records[size:]
