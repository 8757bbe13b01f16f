"""J1, J2, R1 – R3, S8: what a journal and its relays must do, whoever wrote them. The words are those of journal.py."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Iterable
from contextlib import AbstractAsyncContextManager, suppress
from random import Random
from typing import TypeVar
from uuid import UUID, uuid5

import pytest

from samverkan.backbone.testing.conformance.journal import (
    Broker,
    ChangedMind,
    Conflict,
    Fate,
    Journal,
    TooLarge,
)
from samverkan.backbone.testing.conformance.published import all_arrived, arrived, is_whole, until

T = TypeVar("T")

A, B, C = (uuid5(UUID(int=8), name) for name in "ABC")
MANY = [uuid5(A, str(number)) for number in range(10)]


async def at_once(calls: Iterable[Awaitable[T]]) -> list[T | Conflict]:
    """Release all calls in one moment; a conflict comes back as a value."""
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, Conflict):
            raise outcome
    return outcomes  # type: ignore[return-value]


def twenty(journal: Journal) -> list[Journal]:
    """Writers of four replicas: what one does in turn by itself is no proof."""
    return [journal, journal.replica(), journal.replica(), journal.replica()] * 5


class WritingConformance(ABC):
    """Inherit, say how a journal is made, and every test runs on it."""

    @abstractmethod
    def journal(self) -> AbstractAsyncContextManager[Journal]:
        """An empty journal. Its relays look for work at least every 0.1 s; a silent one's lease ends within 0.5 s."""

    async def test_j1_of_twenty_writers_on_one_expected_version_exactly_one_wins(self) -> None:
        async with self.journal() as journal:
            for expected in range(3):
                outcomes = await at_once(each.append(A, expected_version=expected) for each in twenty(journal))
                assert [one for one in outcomes if isinstance(one, int)] == [expected + 1]
            assert await journal.versions() == {A: 3}

    async def test_j1_writers_without_expectation_all_succeed_with_contiguous_versions(self) -> None:
        async with self.journal() as journal:
            versions = await asyncio.gather(*(each.append(A) for each in twenty(journal)))
            assert sorted(versions) == [*range(1, 21)]
            assert await journal.versions() == {A: 20}

    async def test_j1_one_key_has_one_effect_and_one_answer(self) -> None:
        async with self.journal() as journal:
            first = await asyncio.gather(*(each.append(A, key="one") for each in twenty(journal)))
            assert set(first) == {1}
            await journal.append(A)
            assert await journal.append(A, key="one") == 1
            assert await journal.versions() == {A: 2}

    async def test_j2_no_committed_event_is_skipped_whenever_its_transaction_ends(self) -> None:
        async with self.journal() as journal:
            broker, random = Broker(), Random(2)
            relay = journal.relay(broker)
            relay.start()

            async def appender(streams: list[UUID], pause: float, commits: bool) -> None:
                async with journal.opened(streams):
                    await asyncio.sleep(pause)
                    if not commits:
                        raise ChangedMind

            for _ in range(6):
                await asyncio.gather(
                    *(
                        appender(random.sample(MANY, 2), random.choice([0.0, 0.01, 0.04]), random.random() < 0.75)
                        for _ in range(12)
                    )
                )
            await all_arrived(journal, broker)
            await relay.drain()
            await is_whole(journal, broker)

    async def test_j2_an_open_transaction_delays_only_its_own_events(self) -> None:
        async with self.journal() as journal:
            broker = Broker()
            relay = journal.relay(broker)
            relay.start()
            async with journal.opened([A]):
                await journal.append(B)
                await until(lambda: arrived(broker) == {B: 1})
            await all_arrived(journal, broker)
            await relay.drain()
            await is_whole(journal, broker)

    @pytest.mark.parametrize("fate", [Fate.LOST, Fate.UNHEARD])
    @pytest.mark.parametrize("failing", [0, 3])
    async def test_r1_after_a_send_that_was_not_acknowledged_nothing_overtakes(self, fate: Fate, failing: int) -> None:
        async with self.journal() as journal:
            broker = Broker()
            broker.fates.extend([Fate.TAKEN] * failing + [fate])
            relay = journal.relay(broker)
            relay.start()
            for _ in range(3):
                await asyncio.gather(*(journal.append(stream) for stream in MANY))
            await all_arrived(journal, broker)
            await relay.drain()
            await is_whole(journal, broker)
            assert not broker.fates, "no send failed: the test proves nothing"

    async def test_r1_a_relay_that_dies_with_a_send_on_the_way_skips_nothing(self) -> None:
        async with self.journal() as journal:
            broker = Broker()
            for _ in range(3):
                await asyncio.gather(*(journal.append(stream) for stream in MANY))
            broker.hold()
            first = journal.relay(broker)
            first.start()
            await until(lambda: broker.waiting > 0)
            await asyncio.sleep(0.1)
            await first.die()
            broker.release()
            second = journal.relay(broker)
            second.start()
            await all_arrived(journal, broker)
            await second.drain()
            await is_whole(journal, broker)

    async def test_r1_what_arrived_without_acknowledgement_is_sent_again_byte_for_byte(self) -> None:
        async with self.journal() as journal:
            broker = Broker()
            await asyncio.gather(*(journal.append(stream) for stream in MANY))
            broker.fates.extend([Fate.UNHEARD] * 4)
            relay = journal.relay(broker)
            relay.start()
            await until(lambda: not broker.fates)
            await all_arrived(journal, broker)
            await relay.drain()
            assert await is_whole(journal, broker) > 0

    async def test_r2_relays_that_take_over_from_each_other_skip_and_turn_nothing(self) -> None:
        async with self.journal() as journal:
            broker = Broker()
            relays = [journal.relay(broker) for _ in range(3)]
            for relay in relays:
                relay.start()
            for number in range(4):
                await asyncio.gather(*(journal.append(stream) for stream in MANY))
                if number < 2:
                    await relays[number].die()
            await all_arrived(journal, broker)
            await relays[2].drain()
            await is_whole(journal, broker)

    async def test_r2_a_relay_that_wakes_after_another_took_over_can_only_repeat(self) -> None:
        async with self.journal() as journal:
            broker, limbo = Broker(), Broker()
            zombie = journal.relay(limbo)
            limbo.hold()
            zombie.start()
            await journal.append(A)
            await until(lambda: limbo.waiting > 0)
            active = journal.relay(broker)
            active.start()
            await asyncio.gather(*(journal.append(stream) for stream in MANY))
            await all_arrived(journal, broker)
            limbo.partitions = broker.partitions  # what was on the way comes to the same topic after all
            limbo.release()
            await asyncio.gather(*(journal.append(stream) for stream in MANY))
            limbo.hold()  # were it active again, what it sends now would come late
            for _ in range(10):
                await asyncio.gather(*(journal.append(stream) for stream in MANY))
                await asyncio.sleep(0.02)
            limbo.release()
            await all_arrived(journal, broker)
            await active.drain()
            await zombie.die()
            await is_whole(journal, broker)

    async def test_r3_a_commit_that_nobody_tells_the_relay_of_is_found_at_once(self) -> None:
        async with self.journal() as journal:
            broker = Broker()
            relay = journal.relay(broker)
            relay.start()
            await journal.append(A)
            await all_arrived(journal, broker)
            began = asyncio.get_running_loop().time()
            await journal.append(A)
            await all_arrived(journal, broker)
            assert asyncio.get_running_loop().time() - began < 2.0
            await relay.drain()

    async def test_r3_a_record_that_no_broker_would_take_is_refused_when_it_is_written(self) -> None:
        async with self.journal() as journal:
            with pytest.raises(TooLarge):
                await journal.append(A, purpose="x" * 1_048_576)
            assert await journal.versions() == {}

    async def test_s8_partitions_that_are_added_move_no_stream_and_take_new_ones(self) -> None:
        async with self.journal() as journal:
            broker = Broker()
            relay = journal.relay(broker)
            relay.start()
            await asyncio.gather(*(journal.append(stream) for stream in MANY))
            await all_arrived(journal, broker)
            await relay.drain()
            broker.grow(6)
            relay = journal.relay(broker)
            relay.start()
            for number in range(40):
                await journal.append(uuid5(B, str(number)))
                with suppress(IndexError):
                    await journal.append(MANY[number])
                await asyncio.sleep(0.005)
            await all_arrived(journal, broker)
            await relay.drain()
            await is_whole(journal, broker)
            assert any(broker.partitions[2:]), "new streams do not use the new partitions"
