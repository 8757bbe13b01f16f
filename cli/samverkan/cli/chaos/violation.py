"""Something that must not be, as short as it can be told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from samverkan.cli.chaos.facts import Struck

_NEAR: Final = timedelta(seconds=3)  # before a fault begins and after it heals
_NAMED: Final = 4


@dataclass(frozen=True)
class Violation:
    """`invariant`: its name. `kind`: what sort of loss, for the counts of the report. `at`: when it happened."""

    invariant: str
    kind: str
    where: str
    expected: str
    found: str
    at: datetime | None = None

    def __str__(self) -> str:
        return f"{self.invariant} {self.kind}: {self.where}: expected {self.expected}, found {self.found}"


def near(violation: Violation, strikes: Iterable[Struck]) -> Sequence[str]:
    """The faults that struck near that moment: those of the store in question first, then the nearest beginnings."""
    at = violation.at
    if at is None:
        return []
    close = [
        one
        for one in strikes
        if not one.missed and one.struck_at - _NEAR <= at <= (one.healed_at or one.struck_at) + _NEAR
    ]
    store = violation.where.split(maxsplit=1)[0]
    close.sort(key=lambda one: (store not in one.strike.target, abs(one.struck_at - at)))
    return [str(one) for one in close[:_NAMED]]
