"""The table of a small aggregate, and every way in which examples can be incomplete."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import assert_never
from uuid import UUID

import pytest

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.backbone.testing.machine import Machine, faults, outcomes, page
from samverkan.schemas.participant import CaseReactionRefused, ConsentGiven, PlacementNoted

DAY = date(2026, 3, 2)
OPENED = ConsentGiven(agency="kommun", purpose="door", compartments=(), given_on=DAY)
CLOSED = PlacementNoted(placement_id=UUID(int=1), state="closed", noted_on=DAY)


class DoorState(StrEnum):
    NONE = "none"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Open:
    pass


@dataclass(frozen=True)
class Close:
    pass


@dataclass(frozen=True)
class Door:
    state: DoorState = DoorState.NONE


def decide(command: Open | Close, door: Door) -> Sequence[ConsentGiven | PlacementNoted]:
    match command:
        case Open():
            return [] if door.state is DoorState.OPEN else [OPENED]
        case Close():
            if door.state is DoorState.NONE:
                raise Refused("no-door")
            return [] if door.state is DoorState.CLOSED else [CLOSED]
        case _:
            assert_never(command)


def evolve(door: Door, event: ConsentGiven | PlacementNoted | CaseReactionRefused) -> Door:
    match event:
        case ConsentGiven():
            return replace(door, state=DoorState.OPEN)
        case PlacementNoted():
            return replace(door, state=DoorState.CLOSED)
        case CaseReactionRefused():
            return door


def refusal(command: object, refused: Refused) -> CaseReactionRefused:
    return CaseReactionRefused(command=type(command).__name__, code=refused.code)


DOOR = Aggregate("door", "samverkan.participant", Door(), decide, evolve, refusal)
WHOLE = Machine(
    DOOR,
    states={"none": (), "open": (OPENED,), "closed": (OPENED, CLOSED)},
    commands={"Open": Open(), "Close": Close()},
)


def test_every_pair_is_decided() -> None:
    assert [(one.example, one.command, one.refused or one.events, one.after) for one in outcomes(WHOLE)] == [
        ("none", "Open", ("ConsentGiven",), "open"),
        ("none", "Close", "no-door", "none"),
        ("open", "Open", (), "open"),
        ("open", "Close", ("PlacementNoted",), "closed"),
        ("closed", "Open", ("ConsentGiven",), "open"),
        ("closed", "Close", (), "closed"),
    ]
    assert faults(WHOLE) == []


def test_the_page_draws_the_machine_and_has_a_row_for_each_pair() -> None:
    text = page(WHOLE)
    assert "    [*] --> none\n    none --> open: Open\n    open --> closed: Close\n    closed --> open: Open\n" in text
    assert text.count("\n| Open |") == text.count("\n| Close |") == 3
    assert "| Close | refused: `no-door` |  |" in text
    assert "| Open | nothing: it is so already |  |" in text


@pytest.mark.parametrize(
    ("incomplete", "sentence"),
    [
        (replace(WHOLE, commands={"Open": Open()}), "door: no example command of type Close"),
        (replace(WHOLE, states={"none": (), "open": (OPENED,)}), "door: no example of the state closed"),
        (replace(WHOLE, states={"none": ()}), "door: no example state holds PlacementNoted and no command leads to it"),
        (replace(WHOLE, states={"none": ()}), "door: no state accepts a Close: give an example that does"),
        (replace(WHOLE, names=("none", "open")), "door: closed is not among its states"),
    ],
)
def test_what_the_examples_leave_out_is_told(incomplete: Machine, sentence: str) -> None:
    assert sentence in faults(incomplete)


def test_a_command_that_has_its_effect_twice_is_told_unless_that_is_right() -> None:
    commands = {"Close": Close()}
    machine = replace(WHOLE, aggregate=replace(DOOR, decide=_closing), commands=commands)
    assert "door: Close, given twice in open, leads to ('PlacementNoted',) again" in faults(machine)
    assert not [one for one in faults(replace(machine, again={"Close": "each is counted"})) if "again" in one]


def test_a_command_that_is_neither_accepted_nor_refused_fails() -> None:
    def broken(command: Open | Close, door: Door) -> Sequence[ConsentGiven]:
        raise KeyError(door.state)

    with pytest.raises(AssertionError, match="Open in none is neither accepted nor refused"):
        outcomes(replace(WHOLE, aggregate=replace(DOOR, decide=broken)))


def _closing(command: Close, door: Door) -> Sequence[PlacementNoted]:
    return [CLOSED]
