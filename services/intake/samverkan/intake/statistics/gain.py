"""The socio-economic gain: what changed livelihood saves each payer in a year, against the cost. Pure.

A livelihood whose value nobody has stated is named, never guessed. Nothing here is said of a person outside the
agencies of the case: of several persons only sums, and only where enough of them changed.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files

from pydantic import TypeAdapter

from samverkan.intake.statistics.participation import AFTER, ENTRY, Participation
from samverkan.intake.statistics.small_cells import THRESHOLD

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class UnitValue:
    """What one payer pays in a year for a person who lives wholly on this; kronor."""

    livelihood: str
    payer: str
    kronor_per_year: Decimal
    source: str


@dataclass(frozen=True)
class Gain:
    """Kronor a year by payer, above zero where it pays less than before. `unvalued`: changed livelihoods without a
    stated value. `after`: the latest moment that is known."""

    by_payer: Mapping[str, Decimal] = field(default_factory=dict)
    unvalued: tuple[str, ...] = ()
    after: str | None = None

    @property
    def total(self) -> Decimal:
        """Of all payers."""
        return sum(self.by_payer.values(), NOTHING)


@dataclass(frozen=True)
class GainOfMany:
    """`total` is None where fewer than THRESHOLD changed; `by_payer` is empty unless that many changed for each payer,
    for a payer that is left out could be worked out from the total."""

    participations: int
    total: Decimal | None = None
    by_payer: Mapping[str, Decimal] = field(default_factory=dict)
    unvalued: tuple[str, ...] = ()


def load_unit_values() -> tuple[UnitValue, ...]:
    """The values that statutes give."""
    text = files("samverkan.intake.statistics").joinpath("unit_values.toml").read_text(encoding="utf-8")
    return TypeAdapter(tuple[UnitValue, ...]).validate_python(tomllib.loads(text)["value"])


def gain_of(participation: Participation, values: Sequence[UnitValue]) -> Gain:
    """From entry to the latest moment after it; nothing while either is unknown."""
    after = next((moment for moment in reversed(AFTER) if moment in participation.moments), None)
    if after is None or ENTRY not in participation.moments:
        return Gain()
    before, now = participation.moments[ENTRY].livelihood, participation.moments[after].livelihood
    changed = {code: before.get(code, 0) - now.get(code, 0) for code in sorted({*before, *now})}
    by_payer: dict[str, Decimal] = {}
    for value in values:
        if percent := changed.get(value.livelihood, 0):
            saved = value.kronor_per_year * percent / 100
            by_payer[value.payer] = by_payer.get(value.payer, NOTHING) + saved
    valued = {value.livelihood for value in values} | {"no-public-support"}
    unvalued = tuple(code for code, percent in changed.items() if percent and code not in valued)
    rounded = {payer: amount.quantize(NOTHING, ROUND_HALF_UP) for payer, amount in sorted(by_payer.items())}
    return Gain(rounded, unvalued, after)


def gain_of_many(participations: Iterable[Participation], values: Sequence[UnitValue]) -> GainOfMany:
    """The sums that may be published."""
    gains = [gain_of(one, values) for one in participations]
    known = [gain for gain in gains if gain.after is not None]
    changed = Counter(payer for gain in known for payer, amount in gain.by_payer.items() if amount)
    if sum(any(gain.by_payer.values()) for gain in known) < THRESHOLD:
        return GainOfMany(len(known) if len(known) >= THRESHOLD else 0)
    by_payer: dict[str, Decimal] = {}
    for gain in known:
        for payer, amount in gain.by_payer.items():
            by_payer[payer] = by_payer.get(payer, NOTHING) + amount
    total = sum(by_payer.values(), NOTHING)
    unvalued = tuple(sorted({code for gain in known for code in gain.unvalued}))
    each = by_payer if all(changed[payer] >= THRESHOLD for payer in by_payer) else {}
    return GainOfMany(len(known), total, dict(sorted(each.items())), unvalued)
