"""Old versions become the current one on reading. The events here are the tests' own: the catalogue stays as it is."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from samverkan.schemas.codec import Undecodable, decode
from samverkan.schemas.event import Compartment, Event, Open, Sealed
from samverkan.schemas.upcasters import Registry


class Renamed(Event):
    """Version 1."""

    legal_basis: ClassVar = "none: a test"
    day: Open[date]


OldRenamed = Renamed


class Sum(Sealed):
    compartment: ClassVar = Compartment.ECONOMY
    kronor: Decimal


def second() -> type[Event]:
    class Renamed(Event):
        major: ClassVar = 2
        legal_basis: ClassVar = "none: a test"
        starts_on: Open[date]
        economy: Sum | None = None

    return Renamed


def third() -> type[Event]:
    class Renamed(Event):
        major: ClassVar = 3
        legal_basis: ClassVar = "none: a test"
        begins_on: Open[date]
        economy: Sum | None = None

    return Renamed


SECOND, THIRD = second(), third()


def to_second(old: Any) -> Event:
    return SECOND.model_validate({"starts_on": old.day})


def to_third(old: Any) -> Event:
    return THIRD.model_validate({"begins_on": old.starts_on, "economy": old.economy})


REGISTRY = Registry.of([THIRD], {OldRenamed: to_second, SECOND: to_third})


def test_old_versions_are_lifted_step_by_step() -> None:
    first = decode("se.samverkan.Renamed.v1", b'{"day":"2026-03-02"}', registry=REGISTRY)
    assert first.event == THIRD.model_validate({"begins_on": date(2026, 3, 2)})
    newer = b'{"starts_on":"2026-03-02","economy":{"kronor":"1.50"},"more":1}'
    lifted = decode("se.samverkan.Renamed.v2", newer, registry=REGISTRY)
    assert lifted.event.model_dump()["economy"] == {"kronor": Decimal("1.50")}
    assert lifted.unknown_fields
    hidden = decode("se.samverkan.Renamed.v2", newer, frozenset(), registry=REGISTRY)
    assert hidden.event.model_dump()["economy"] is None


def test_the_catalogue_does_not_know_the_events_of_tests() -> None:
    with pytest.raises(Undecodable, match="event-type-unknown"):
        decode("se.samverkan.Renamed.v1", b'{"day":"2026-03-02"}')


def test_a_chain_with_a_missing_link_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match=r"no se\.samverkan\.Renamed\.v2"):
        Registry.of([THIRD], {OldRenamed: to_second})
    with pytest.raises(ValueError, match="two models"):
        Registry.of([THIRD, third()], {})


def test_an_upcaster_that_jumps_a_version_is_named() -> None:
    jumping = Registry.of(
        [THIRD], {OldRenamed: lambda old: THIRD.model_validate({"begins_on": old.day}), SECOND: to_third}
    )
    with pytest.raises(TypeError, match=r"upcaster of se\.samverkan\.Renamed\.v1"):
        decode("se.samverkan.Renamed.v1", b'{"day":"2026-03-02"}', registry=jumping)
