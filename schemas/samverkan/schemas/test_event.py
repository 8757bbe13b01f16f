"""Every released event keeps the rules, and each rule catches an event that does not."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar

import pytest
from annotated_types import MaxLen
from pydantic import AwareDatetime, Field

from samverkan.schemas.catalogue import TOPICS
from samverkan.schemas.codec import EVENT_TYPES
from samverkan.schemas.contract_rules import faults
from samverkan.schemas.event import Compartment, Effective, Event, Many, Open, Sealed


class Health(Sealed):
    compartment: ClassVar = Compartment.HEALTH
    reason: str


class Kind(StrEnum):
    ONE = "one"


@pytest.mark.parametrize("event", EVENT_TYPES.values(), ids=lambda event: event.wire_type())
def test_every_event_keeps_the_rules(event: type[Event]) -> None:
    assert faults(event) == []


def test_every_event_of_the_catalogue_is_looked_at() -> None:
    assert {event for topic in TOPICS for event in topic.events} <= set(EVENT_TYPES.values())


class Kept(Event):
    """It keeps the rules."""

    legal_basis: ClassVar = "none: a test"
    codes: Open[Many[str]]
    later: Open[Many[str] | None] = None
    nested: Open[Many[Many[str]]]
    starts_on: Open[str]
    at: Open[AwareDatetime | None] = None
    health: Health | None = None


class Unmarked(Event):
    legal_basis: ClassVar = "none: a test"
    starts_on: str


class OpenCompartment(Event):
    legal_basis: ClassVar = "none: a test"
    health: Open[Health | None] = None


class WrongName(Event):
    legal_basis: ClassVar = "none: a test"
    wellbeing: Health | None = None


class Demanded(Event):
    legal_basis: ClassVar = "none: a test"
    health: Health


class SoundsPersonal(Event):
    legal_basis: ClassVar = "none: a test"
    birth_year: Open[int]


class LimitedByField(Event):
    legal_basis: ClassVar = "none: a test"
    code: Annotated[Open[str], Field(max_length=3)]


class LimitedInside(Event):
    legal_basis: ClassVar = "none: a test"
    codes: Open[tuple[Annotated[str, MaxLen(3)], ...]]


class LimitedAmount(Event):
    legal_basis: ClassVar = "none: a test"
    extent: Annotated[Open[Decimal], Field(ge=0)]


class FixedLength(Event):
    legal_basis: ClassVar = "none: a test"
    pair: Open[tuple[str, str]]


class ClosedEnum(Event):
    legal_basis: ClassVar = "none: a test"
    kind: Open[Kind]


class NaiveInstant(Event):
    legal_basis: ClassVar = "none: a test"
    at: Open[datetime]


class Binary(Event):
    legal_basis: ClassVar = "none: a test"
    extent: Open[float]


class Again(Event):
    legal_basis: ClassVar = "none: a test"
    removed: ClassVar = frozenset({"code", "Health.reason"})
    code: Open[str]
    health: Health | None = None


class Groundless(Event):
    code: Open[str]


class Listed(Event):
    legal_basis: ClassVar = "none: a test"
    codes: Open[tuple[str, ...]]


class ListedOrNone(Event):
    legal_basis: ClassVar = "none: a test"
    codes: Open[tuple[str, ...] | None] = None


class ListedInside(Event):
    legal_basis: ClassVar = "none: a test"
    codes: Open[Many[tuple[str, ...]]]
    by_name: Open[dict[str, tuple[str, ...]]]


class Mixed(Sealed):
    compartment: ClassVar = Compartment.ECONOMY
    health: Health


class Mixing(Event):
    legal_basis: ClassVar = "none: a test"
    economy: Mixed | None = None


def test_an_event_that_keeps_the_rules_has_no_faults() -> None:
    assert faults(Kept) == []


@pytest.mark.parametrize(
    ("event", "fault"),
    [
        (Unmarked, "starts_on is unmarked"),
        (OpenCompartment, "health is marked Open and holds a compartment"),
        (WrongName, "wellbeing must be named health"),
        (Demanded, "health must be `| None = None`"),
        (SoundsPersonal, "birth_year sounds personal"),
        (LimitedByField, "code has a limit"),
        (LimitedInside, "codes has a limit"),
        (LimitedAmount, "extent has a limit"),
        (FixedLength, "its schema says maxItems"),
        (ClosedEnum, "its schema says enum"),
        (NaiveInstant, "at must be an AwareDatetime"),
        (Binary, "extent must be a Decimal"),
        (Again, "code uses a removed name again"),
        (Again, "Health.reason uses a removed name again"),
        (Groundless, "has no legal_basis"),
        (Groundless, "says nowhere what it means"),
        (Listed, "codes is a list: Many[…]"),
        (ListedOrNone, "codes is a list: Many[…]"),
        (ListedInside, "codes is a list: Many[…]"),
        (ListedInside, "by_name is a list: Many[…]"),
        (Mixing, "Mixed.health holds another compartment than economy"),
    ],
)
def test_a_broken_rule_is_named(event: type[Event], fault: str) -> None:
    assert any(found.startswith(f"{event.__name__}: {fault}") for found in faults(event)), faults(event)


def test_an_event_takes_effect_on_the_day_that_its_field_says_and_on_one_day_only() -> None:
    class Moved(Event):
        legal_basis: ClassVar = "test"
        decided_on: Open[date]
        moved_on: Effective[date]

    assert Moved(decided_on=date(2026, 3, 2), moved_on=date(2026, 3, 5)).effective_on() == date(2026, 3, 5)
    with pytest.raises(TypeError, match="MovedAgain takes effect on one day, not on moved_on and again_on"):

        class MovedAgain(Moved):
            again_on: Effective[date]


def test_no_event_says_its_day_twice() -> None:
    computed = [event for event in EVENT_TYPES.values() if event.effective_on is not Event.effective_on]
    assert [event.__name__ for event in computed if event.effective_field is not None] == []
