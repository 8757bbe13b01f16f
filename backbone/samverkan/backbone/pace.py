"""How long a loop that works in rounds rests after one, so that rounds grow when the machine is busy.

What a round costs hardly depends on how much it found: the same dozen of statements and a commit. When every process
of a machine takes each event as it comes, those rounds fill its processors and commands wait for them; whoever rests
finds more next time, for the same price. Nothing is to be had by it on a quiet machine, and there nearly nothing is
rested. Measured with `samverkan lives` (docs/performance).
"""

from typing import Final

QUIET_SECONDS: Final = 0.0025  # a round on a machine with nothing else to do
LONGEST_SECONDS: Final = 0.2  # what a slow machine may add to the way of an event, at each of its two rounds


def rest_after(round_seconds: float) -> float:
    """A round that took n times as long as on a quiet machine rests n times as long as it took."""
    return min(LONGEST_SECONDS, round_seconds * round_seconds / QUIET_SECONDS)
