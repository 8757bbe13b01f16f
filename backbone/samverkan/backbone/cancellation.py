"""Cancellations that a library has lost."""

import asyncio


def end_if_cancelled() -> None:
    """CancelledError if this task was to end before and goes on all the same.

    For loops around aiokafka: its `stop` awaits tasks of its own that it has cancelled, and takes the caller's
    cancellation for theirs (0.14).
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
