"""Cancellations that a library has lost."""

import asyncio


def end_if_cancelled() -> None:
    """CancelledError if this task was to end before and goes on all the same.

    For loops around aiokafka: its `stop` awaits tasks of its own that it has cancelled, and takes the caller's
    cancellation for theirs (0.14). And around aiosmtplib, which waits for each answer with the `asyncio.wait_for` of
    Python 3.11: cancelled just as the answer comes, that gives the answer and forgets the cancellation.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
