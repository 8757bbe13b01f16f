"""How long a loop that works in rounds rests after one, so that rounds grow when the machine is busy.

What a small round costs hardly depends on how much it found: the same dozen of statements and a commit. When every
process of a machine takes each event as it comes, those rounds fill its processors and commands wait for them; whoever
rests finds more next time, for nearly the same price. On a quiet machine there is nothing to be had by it, and nearly
nothing is rested (docs/decisions/0018).
"""

from collections import deque
from typing import Final

QUIET_SECONDS: Final = 0.005  # a small round on a machine with nothing else to do
LONGEST_SECONDS: Final = 0.2  # what a busy machine may add to the way of an event, at the relay and at each consumer
_FEW: Final = 10  # a round of so many events costs about twice as much as a round of one
_ROUNDS: Final = 9
_SLOWER: Final = 6  # so many of those must be slow; two slow commits, or three, make no busy machine


class Pace:
    """The rests of one loop."""

    def __init__(self) -> None:
        self._lately = deque([QUIET_SECONDS], maxlen=_ROUNDS)

    def rest_after(self, round_seconds: float, events: int) -> float:
        """Seconds to rest. If nearly all rounds lately take n times as long as on a quiet machine, n times as
        long as they take; less, the more events a round has already."""
        self._lately.append(round_seconds / (1 + events / _FEW))
        usual = sorted(self._lately, reverse=True)[min(_SLOWER, len(self._lately) - 1)]
        return min(LONGEST_SECONDS, usual * usual / QUIET_SECONDS)
