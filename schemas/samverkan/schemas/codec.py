"""Payload bytes ↔ events. Writers forbid unknown fields; readers ignore them and say that there were some."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, NamedTuple, NoReturn

from pydantic import BaseModel, ValidationError

from samverkan.schemas.catalogue import TOPICS
from samverkan.schemas.event import COMPARTMENTS, Compartment, Event, Sealed
from samverkan.schemas.models import nested_models
from samverkan.schemas.unreadable import Unreadable
from samverkan.schemas.upcasters import UPCASTERS, Registry
from samverkan.schemas.wire_enum import READING, WireEnum

ALL: Final = COMPARTMENTS
REGISTRY: Final = Registry.of((event for topic in TOPICS for event in topic.events), UPCASTERS)
EVENT_TYPES: Final[Mapping[str, type[Event]]] = REGISTRY.models

_WIRE_TYPE = re.compile(r"se\.samverkan\.[A-Za-z]{1,60}\.v[0-9]{1,3}")


class Undecodable(Unreadable):
    """A payload is not what its type promises. `code` is stable; the message never repeats the payload.

    `event-type-unknown`: a reader older than the writer; upgrade the reader. `payload-invalid`: `detail` lists the
    fields (names from the contract only) and what is wrong with each.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class Unwritable(ValueError):
    """An event must not be published as it is: `enum-unknown`, a member that this release itself does not know.

    Upgrade before you pass such a fact on. `detail` names fields, never content.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class Decoded(NamedTuple):
    """An event as its reader may see it. `unknown_fields`: a newer writer added some, which this reader ignored."""

    event: Event
    unknown_fields: bool = False


def encode(event: Event) -> bytes:
    """The payload as compact UTF-8 JSON in the order of the model's fields; absent optional fields are left out.

    Decoding gives an equal event. Kronor keep the decimals that they were given: 1.5 and 1.50 are equal amounts and
    different bytes. Unwritable: a field holds the `unknown` member of an enum.
    """
    payload = _compact(event)
    if b'"unknown"' in payload and (fields := _unknown_members(event.model_dump())):
        raise Unwritable("enum-unknown", ", ".join(fields))
    return payload


def decode(
    wire_type: str, value: bytes, readable: frozenset[Compartment] = ALL, registry: Registry = REGISTRY
) -> Decoded:
    """Read a payload, lifted to the newest version; compartments outside `readable` come out as absent.

    Types are exact: a number in quotation marks, a moment for a day or a name given twice is `payload-invalid`, for
    another reader might see something else in it.
    Undecodable: no repetition helps; the same bytes fail again until the reader is upgraded.
    """
    model = registry.models.get(wire_type)
    if model is None:
        raise Undecodable("event-type-unknown", wire_type if _WIRE_TYPE.fullmatch(wire_type) else "?")
    unknown_fields = False
    try:
        event: Event = model.__pydantic_validator__.validate_json(value, strict=True, context=READING)
    except ValidationError:
        unknown_fields = True
        try:
            event = model.model_validate_json(value, strict=True, context=READING, extra="ignore")
        except ValidationError as invalid:
            raise _invalid(model, invalid) from None
    if _compact(event) != value:  # only bytes other than ours can hold what pydantic lets pass
        _refuse_ambiguous(value)
    event = registry.lift(event)
    return Decoded(without(event, ALL - readable) if readable != ALL else event, unknown_fields)


def without(event: Event, unreadable: frozenset[Compartment]) -> Event:
    """The event with these compartments absent."""
    absent = {
        name: None
        for name in type(event).model_fields
        if isinstance(content := getattr(event, name), Sealed) and content.compartment in unreadable
    }
    return event.model_copy(update=absent) if absent else event


def _compact(event: Event) -> bytes:
    # What model_dump_json calls, without making a text of the bytes in between: half of its time.
    return event.__pydantic_serializer__.to_json(event, exclude_none=True)


def _unknown_members(value: Any, path: str = "") -> list[str]:
    if isinstance(value, dict):
        return [found for name, item in value.items() for found in _unknown_members(item, f"{path}.{name}")]
    if isinstance(value, list | tuple | set | frozenset):
        return [found for item in value for found in _unknown_members(item, path)]
    return [path.lstrip(".")] if isinstance(value, WireEnum) and value == "unknown" else []


def _refuse_ambiguous(value: bytes) -> None:
    """Names given twice, NaN and Infinity: JSON readers disagree about them, so nobody may act on them."""
    try:
        json.loads(value.decode(), object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Undecodable("payload-invalid", "payload: json_ambiguous") from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise ValueError
    return names


def _no_constant(_: str) -> NoReturn:
    raise ValueError


def _invalid(model: type[Event], error: ValidationError) -> Undecodable:
    known = _field_names(model)
    wrong = sorted(
        f"{'.'.join(_place(part, known) for part in detail['loc']) or 'payload'}: {detail['type']}"
        for detail in error.errors(include_input=False, include_context=False, include_url=False)
    )
    return Undecodable("payload-invalid", "; ".join(wrong[:5]))


def _place(part: int | str, known: frozenset[str]) -> str:
    return str(part) if isinstance(part, int) or part in known else "*"  # the name of a map's entry is content


@cache
def _field_names(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(name for nested in nested_models(model) for name in nested.model_fields)
