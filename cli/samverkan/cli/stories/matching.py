"""Does an answer hold what a story expects? Pure.

A mapping expects its keys and ignores others. A list of mappings expects each of them somewhere in the answer's list;
a list of words or numbers is compared as a whole. An amount, written with two decimals, is compared as a decimal to
the öre and must be a text in the answer, for a JSON number has passed through binary floating point. `null` means
null or absent, `">= 3"` a whole number of at least 3, `"*"` anything that is there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from samverkan.backbone.telemetry.scrub import contains_person_number

_AMOUNT: Final = re.compile(r"-?[0-9]+\.[0-9]{2}")
_AT_LEAST: Final = re.compile(r">= (-?[0-9]+)")
_ABSENT: Final = object()
_SHOWN_CHARACTERS: Final = 120


@dataclass
class Compared:
    """`differences`: one sentence each, empty when it holds. `leaves`: what stands in the answer at each key named."""

    differences: list[str] = field(default_factory=list)
    leaves: dict[str, Any] = field(default_factory=dict)


def compare(expected: Any, actual: Any, at: str = "") -> Compared:
    """Compare, and collect what the answer holds at every key that the expectation names."""
    match expected:
        case Mapping():
            return _mapping(expected, actual, at)
        case list() | tuple() if expected and all(isinstance(item, Mapping) for item in expected):
            return _each_somewhere(expected, actual, at)
        case _:
            holds = _scalar(expected, actual)
            return Compared() if holds else Compared([f"{at or 'answer'} is {shown(actual)}, not {shown(expected)}"])


def held(leaves: Mapping[str, Any], found: Mapping[str, Any], asked: str) -> dict[str, Any]:
    """What the store holds at each key, after one more answer. One about the past tells only what no other does."""
    of_the_past = "known_by=" in asked or "as_of=" in asked
    return {**found, **leaves} if of_the_past else {**leaves, **found}


def is_sealed(document: Any, name: str) -> bool:
    """Whether the field is null or absent wherever it could stand in the document."""
    match document:
        case Mapping():
            return document.get(name) is None and all(is_sealed(value, name) for value in document.values())
        case list():
            return all(is_sealed(item, name) for item in document)
        case _:
            return True


def shown(value: Any) -> str:
    """A value for a person to read; one that looks like a personnummer is left out."""
    if value is _ABSENT:
        return "absent"
    text = value if isinstance(value, str) else repr(value)
    if contains_person_number(text):
        return "(a value with a personnummer)"
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"


def _mapping(expected: Mapping[str, Any], actual: Any, at: str) -> Compared:
    if not isinstance(actual, Mapping):
        return Compared([f"{at or 'answer'} is {shown(actual)}, not an object"])
    result = Compared()
    for name, item in expected.items():
        value = actual.get(name, _ABSENT)
        part = compare(item, value, f"{at}.{name}" if at else name)
        result.differences += part.differences
        result.leaves |= part.leaves
        if not isinstance(value, Mapping | list) and value is not _ABSENT:
            result.leaves[name] = value
    return result


def _each_somewhere(expected: list[Any] | tuple[Any, ...], actual: Any, at: str) -> Compared:
    if not isinstance(actual, list):
        return Compared([f"{at or 'answer'} is {shown(actual)}, not a list"])
    result = Compared()
    for number, item in enumerate(expected):
        tried = [compare(item, candidate, f"{at}[{number}]") for candidate in actual]
        nearest = min(tried, key=lambda one: len(one.differences), default=None)
        if nearest is None:
            result.differences.append(f"{at or 'answer'} is empty")
        else:
            result.differences += nearest.differences
            result.leaves |= nearest.leaves
    return result


def _scalar(expected: Any, actual: Any) -> bool:
    if expected is None:
        return actual is None or actual is _ABSENT
    if expected == "*":
        return actual is not None and actual is not _ABSENT
    if isinstance(expected, str):
        if _AMOUNT.fullmatch(expected):
            return _amount(actual) == Decimal(expected)
        if match := _AT_LEAST.fullmatch(expected):
            return type(actual) is int and actual >= int(match[1])
    if isinstance(expected, list | tuple):
        return isinstance(actual, list) and list(expected) == actual
    return type(expected) is type(actual) and bool(expected == actual)


def _amount(actual: Any) -> Decimal | None:
    if not isinstance(actual, str):
        return None
    try:
        return Decimal(actual)
    except InvalidOperation:
        return None
