"""A steady pace: what is late does not slow down what follows, and no more than allowed are under way at once."""

import asyncio
from time import perf_counter

import pytest

from samverkan.cli.bench.pace import steadily, until


async def test_calls_overlap_when_they_take_longer_than_the_pace() -> None:
    under_way, most = 0, 0

    async def slow(_: int) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.05)
        under_way -= 1

    began = perf_counter()
    await steadily(20, 1000.0, slow, at_once=4)
    assert most == 4
    assert perf_counter() - began >= 20 / 4 * 0.05


async def test_the_pace_is_kept_when_calls_are_quick() -> None:
    moments: list[float] = []

    async def quick(_: int) -> None:
        moments.append(perf_counter())

    await steadily(11, 100.0, quick)
    assert moments[-1] - moments[0] >= 0.099


async def test_a_call_that_fails_ends_the_run() -> None:
    async def fail(number: int) -> None:
        if number == 2:
            raise OSError("gone")

    with pytest.raises(ExceptionGroup, match="unhandled errors"):
        await steadily(1000, 10_000.0, fail)


async def test_waiting_has_an_end() -> None:
    with pytest.raises(TimeoutError):
        await until(lambda: False, seconds=0.01)
