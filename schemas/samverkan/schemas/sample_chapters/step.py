"""What a chapter of the samples' story is made of, and what several chapters speak of."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid5

from samverkan.schemas.event import Event
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import Workplace

_IDS: Final = UUID("5f0d3a52-7c5e-4f0a-9d39-2f3a5b1c8e11")


def sample_id(label: str) -> UUID:
    """The id that stands for this label in every sample."""
    return uuid5(_IDS, label)


@dataclass(frozen=True)
class Step:
    """`stream` and `after` are labels; `after` is the stream whose latest event led to this one, None for a person."""

    stream: str
    event: Event
    recorded_on: date
    agency: str | None = None
    after: str | None = None


CASE: Final = sample_id("case")
PLACEMENT: Final = sample_id("placement")
COMPENSATION: Final = sample_id("compensation")
INSATS: Final = sample_id("insats")

FORM: Final = Programme.INTRODUKTIONSJOBB
FULL_TIME: Final = Decimal("1.00")
STARTS: Final = date(2026, 3, 2)
ENDS: Final = date(2027, 2, 28)
WORKPLACE: Final = Workplace(
    employer_number="212000-2395",
    employer_name="Timrå kommun",
    workplace="Ledsagarservice",
    supervisor="Arbetsledare, ledsagarservice",
    tasks=("ledsaga till aktiviteter", "handla tillsammans"),
)
COST: Final = Decimal("31540.80")
CREDIT: Final = Decimal("21027.20")
OWN_COST: Final = Decimal("10513.60")
