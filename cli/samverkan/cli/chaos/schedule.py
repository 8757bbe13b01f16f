"""Which fault strikes what, when, for how long. Pure: the same seed gives the same schedule."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from samverkan.cli.chaos.kinds import RULES, Kind
from samverkan.cli.chaos.size import Size

_QUIET_SECONDS = 2.0  # before the first one, so that there is something to disturb
_TRIES = 20  # of targets, until one is free


@dataclass(frozen=True)
class Strike:
    """`seed` decides what the fault itself leaves open. Seconds count from the beginning of the load."""

    number: int
    kind: Kind
    target: str
    at_seconds: float
    lasts_seconds: float
    seed: int

    @property
    def ends_seconds(self) -> float:
        """When it is healed."""
        return self.at_seconds + self.lasts_seconds


def schedule(
    seed: int, seconds: float, targets: Mapping[Kind, Sequence[str]], size: Size, pause_seconds: float
) -> list[Strike]:
    """Strikes in the order of their beginning, one every `pause_seconds` on average, several at a time.

    Every kind comes once before any comes twice. No two strike the same target at once. All are healed after `seconds`,
    but for those that come at the end.
    """
    random = Random(seed)
    kinds = _in_turn([kind for kind in targets if not RULES[kind].at_the_end], random)
    strikes: list[Strike] = []
    at = _QUIET_SECONDS
    while at < seconds and kinds is not None:
        kind = next(kinds, None)
        if kind is None:
            break
        rule = RULES[kind]
        lasts = round(min(random.uniform(rule.shortest_seconds, rule.longest_seconds), seconds - at), 2)
        target = _free(strikes, kind, targets[kind], at, at + lasts, size, random)
        if target is not None:
            strikes.append(Strike(len(strikes) + 1, kind, target, at, lasts, random.getrandbits(32)))
        at = round(at + random.expovariate(1 / pause_seconds), 2)
    for kind in (kind for kind in targets if RULES[kind].at_the_end):
        for target in targets[kind]:
            strikes.append(Strike(len(strikes) + 1, kind, target, seconds, 0.0, random.getrandbits(32)))
    return strikes


def _in_turn(kinds: Sequence[Kind], random: Random) -> Iterator[Kind]:
    """All of them in a random order, again and again."""
    while kinds:
        yield from random.sample(kinds, len(kinds))


def _free(
    strikes: Sequence[Strike],
    kind: Kind,
    candidates: Sequence[str],
    begins: float,
    ends: float,
    size: Size,
    random: Random,
) -> str | None:
    """A target nothing of which is struck by another fault in this time; None if that is hard to find."""
    taken = {
        name
        for strike in strikes
        if strike.ends_seconds + 1.0 >= begins and strike.at_seconds <= ends
        for name in RULES[strike.kind].busy(strike.target, size)
    }
    for _ in range(_TRIES):
        target = random.choice(candidates)
        if not taken & RULES[kind].busy(target, size):
            return target
    return None
