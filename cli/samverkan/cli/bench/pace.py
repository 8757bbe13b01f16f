"""Waiting: for the next moment of a steady pace, or for something that tells nobody when it happens."""

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter


async def steadily(times: int, per_second: float, do: Callable[[int], Awaitable[None]]) -> None:
    """Call `do(0)`, `do(1)`, … one after the other, each at its moment or, when late, at once.

    What is late does not slow down what follows, as with callers who do not know of each other.
    """
    began = perf_counter()
    for number in range(times):
        wait = began + number / per_second - perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        await do(number)


async def until(condition: Callable[[], bool], *, seconds: float) -> None:
    """Look every millisecond. TimeoutError: it did not become true in time."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what it asks about has no event
            await asyncio.sleep(0.001)
