"""Waiting: for the next moment of a steady pace, or for something that tells nobody when it happens."""

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter


async def steadily(times: int, per_second: float, do: Callable[[int], Awaitable[None]], *, at_once: int = 1) -> None:
    """Call `do(0)`, `do(1)`, … each at its moment, or as soon as fewer than `at_once` are under way.

    What is late does not slow down what follows, as with callers who do not know of each other.
    """
    free = asyncio.Semaphore(at_once)
    began = perf_counter()

    async def call(number: int) -> None:
        try:
            await do(number)
        finally:
            free.release()

    async with asyncio.TaskGroup() as tasks:
        for number in range(times):
            wait = began + number / per_second - perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            await free.acquire()
            tasks.create_task(call(number))


async def until(condition: Callable[[], bool], *, seconds: float) -> None:
    """Look every millisecond. TimeoutError: it did not become true in time."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what it asks about has no event
            await asyncio.sleep(0.001)


async def until_async(condition: Callable[[], Awaitable[bool]], *, seconds: float, every: float = 0.05) -> None:
    """Ask again and again. TimeoutError: it did not become true in time."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - what it asks about has no event
            await asyncio.sleep(every)
