"""What is to happen in one generated life, and what every krona of it must come to. Pure: all follows from the seed.

The amounts are computed here a second time, from domain.md alone and by the simplest formula that holds for whole
months, so that funding's own arithmetic is compared with something that does not share a line with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Final
from uuid import UUID, uuid5

_NAMESPACE: Final = UUID("0b7c2a7e-6c1f-4a6e-9d0e-2f6d1c9b5a10")
_RATE, _CAP, _CONTRIBUTIONS = Decimal("0.80"), Decimal(20_000), Decimal("0.3142")  # introduktionsjobb, 2026
_ORE: Final = Decimal("0.01")
MONTHS: Final = (date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1))


@dataclass(frozen=True)
class Claimed:
    """One work month: when its underlag arrives, and whether that is too late (after the 180 days)."""

    month: date
    received_on: date
    late: bool


@dataclass(frozen=True)
class Life:
    """One case from referral to its end. `case_id` is opaque: nobody is named. Kronor a month at the agreed extent."""

    number: int
    case_id: UUID
    extent: Decimal
    gross: Decimal
    months: tuple[Claimed, ...]
    granted: bool
    outcome: str
    readiness: tuple[int, int]
    really_paid: Decimal | None = None  # what the first month turns out to have been, once it has been credited

    @property
    def credit(self) -> Decimal:
        """What each month that is claimed in time gives."""
        return self._credit(self.gross)

    @property
    def overpaid(self) -> Decimal:
        """What the first month's correction takes back, all of which is repaid."""
        return Decimal("0.00") if self.really_paid is None else self.credit - self._credit(self.really_paid)

    @property
    def credited(self) -> Decimal:
        """What the whole life gives."""
        return sum((self.credit for claimed in self.months if not claimed.late), Decimal("0.00"))

    @property
    def forfeited(self) -> Decimal:
        """What is lost because it came too late."""
        return sum((self.credit for claimed in self.months if claimed.late), Decimal("0.00"))

    def _credit(self, gross: Decimal) -> Decimal:
        countable = min(gross, _CAP * self.extent)
        return (_RATE * countable * (1 + _CONTRIBUTIONS)).quantize(_ORE, ROUND_HALF_UP)


def lives(seed: int, count: int) -> Iterator[Life]:
    """So many lives; the same seed gives the same ones."""
    return (_life(seed, number) for number in range(count))


def _life(seed: int, number: int) -> Life:
    random = Random(f"{seed}/{number}")
    granted = random.random() > 0.05
    months = tuple(_claimed(month, random) for month in MONTHS[: random.randint(1, len(MONTHS))]) if granted else ()
    gross = Decimal(random.randint(600_000, 2_800_000)) / 100
    corrected = random.random() < 0.1 and granted and not months[0].late
    return Life(
        number=number,
        case_id=uuid5(_NAMESPACE, f"{seed}/{number}"),
        extent=random.choice((Decimal("1.00"), Decimal("0.75"), Decimal("0.50"))),
        gross=gross,
        months=months,
        granted=granted,
        outcome=random.choice(("job", "study", "other")),
        readiness=(random.randint(1, 3), random.randint(2, 5)),
        really_paid=(gross / 4).quantize(_ORE, ROUND_HALF_UP) if corrected else None,
    )


def _claimed(month: date, random: Random) -> Claimed:
    late = random.random() < 0.05
    following = date(2027, 1, 29) if late else month.replace(month=month.month + 1, day=random.randint(1, 28))
    return Claimed(month, following, late)
