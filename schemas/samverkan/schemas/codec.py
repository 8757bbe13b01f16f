"""Payload bytes ↔ events. Writers forbid unknown fields; readers ignore them and say that there were some."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError
from samverkan.schemas.catalogue import TOPICS
from samverkan.schemas.event import Compartment, Event, Sealed

ALL: Final = frozenset(Compartment)
EVENT_TYPES: Final[Mapping[str, type[Event]]] = {
    event.wire_type(): event for topic in TOPICS for event in topic.events
}

Upcaster = Callable[[Event], Event]


class Undecodable(ValueError):
    """A payload is not what its type promises. `code` is stable; the message never repeats the payload.

    `event-type-unknown`: a reader older than the writer; upgrade the reader. `payload-invalid`: `detail` lists the
    fields (names from the contract only) and what is wrong with each.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Decoded:
    """An event as its reader may see it. `unknown_fields`: a newer writer added some, which this reader ignored."""

    event: Event
    unknown_fields: bool = False


def encode(event: Event) -> bytes:
    """The payload as JSON; absent optional fields are left out. Equal events give equal bytes."""
    return event.model_dump_json(exclude_none=True).encode()


def decode(wire_type: str, value: bytes, readable: frozenset[Compartment] = ALL) -> Decoded:
    """Read a payload, lifted to the newest version; compartments outside `readable` come out as absent.

    Undecodable: no repetition helps; the same bytes fail again until the reader is upgraded.
    """
    model = EVENT_TYPES.get(wire_type)
    if model is None:
        raise Undecodable("event-type-unknown", wire_type if wire_type.isascii() and len(wire_type) < 100 else "?")
    unknown_fields = False
    try:
        event = model.model_validate_json(value)
    except ValidationError as strict:
        if any(error["type"] != "extra_forbidden" for error in strict.errors(include_input=False)):
            raise _invalid(strict) from None
        unknown_fields = True
        event = model.model_validate_json(value, extra="ignore")
    return Decoded(without(event, ALL - readable) if readable != ALL else event, unknown_fields)


def without(event: Event, unreadable: frozenset[Compartment]) -> Event:
    """The event with these compartments absent."""
    absent = {
        name: None
        for name in type(event).model_fields
        if isinstance(content := getattr(event, name), Sealed) and content.compartment in unreadable
    }
    return event.model_copy(update=absent) if absent else event


def _invalid(error: ValidationError) -> Undecodable:
    wrong = sorted(
        f"{'.'.join(str(part) for part in detail['loc']) or 'payload'}: {detail['type']}"
        for detail in error.errors(include_input=False, include_context=False, include_url=False)
        if detail["type"] != "extra_forbidden"
    )
    return Undecodable("payload-invalid", "; ".join(wrong[:5]))
