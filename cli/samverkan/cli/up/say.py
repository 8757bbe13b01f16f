"""What the commands tell the user: one line a fact, on standard output, at once."""

import sys
import time

_started = time.monotonic()


def say(line: str) -> None:
    print(line, flush=True)


def complain(line: str) -> None:
    print(f"samverkan: {line}", file=sys.stderr, flush=True)


def progress(line: str) -> None:
    """A step on the way, with the seconds since the command began."""
    print(f"{time.monotonic() - _started:5.1f} s  {line}", flush=True)
