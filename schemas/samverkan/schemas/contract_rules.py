"""What every event must keep so that it can be sealed as a whole, read by older readers and never be regretted."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel

from samverkan.schemas.event import AT_THE_FIRST, COMPARTMENTS, EFFECTIVE, OPEN, Event, Sealed
from samverkan.schemas.models import nested_models, parts, slow_lists
from samverkan.schemas.wire_schema import wire_schema

# Words that in the name of an open field point at a person. A false alarm costs a better name, a miss costs secrecy.
PERSONAL_WORDS: Final = re.compile(
    "address|age|birth(date)?|contact|diagnosis|email|employer|evidence|firstname|gender|gross|health|income|language"
    "|lastname|name|note|person(number|nummer)?|phone|reason|salary|scores?|sex|surname|telephone|text|wage|workplace"
)
# Keywords of JSON Schema that limit a value. Released, they could never change again: limits live in the domain.
_LIMITS: Final = re.compile(
    "const|enum|(exclusive)?(Max|max|Min|min)imum|(max|min)(Items|Length|Properties)|multipleOf|pattern|uniqueItems"
)


def faults(event: type[Event]) -> list[str]:
    """What is wrong with this event as a contract, each with how to mend it; empty when it may be released."""
    return [f"{event.__name__}: {fault}" for fault in (*_marking(event), *_content(event))]


def _marking(event: type[Event]) -> Iterator[str]:
    for name, field in event.model_fields.items():
        classes = list(parts(field.annotation))
        compartments = {part.compartment for part in classes if isinstance(part, type) and issubclass(part, Sealed)}
        if OPEN in field.metadata and compartments:
            yield f"{name} is marked Open and holds a compartment"
        elif OPEN in field.metadata:
            if any(isinstance(part, type) and issubclass(part, BaseModel) for part in classes):
                yield f"{name} is Open and a model: spread its fields, so that each is marked"
            if any(PERSONAL_WORDS.fullmatch(word) for word in name.split("_")):
                yield f"{name} sounds personal and is Open: put it in a compartment or find a better name"
        elif not compartments:
            yield f"{name} is unmarked: Open[…], or a Sealed model in a field named by its compartment"
        elif [name] != [compartment.value for compartment in compartments]:
            yield f"{name} must be named {' or '.join(sorted(compartments))}, after its compartment"
        elif field.is_required() or field.default is not None:
            yield f"{name} must be `| None = None`: every reader without the key sees it absent"


def _content(event: type[Event]) -> Iterator[str]:
    if not getattr(event, "legal_basis", ""):
        yield "has no legal_basis"
    if not event.__doc__:
        yield "says nowhere what it means: write a docstring"
    for model in nested_models(event):
        inside = "" if model is event else f"{model.__name__}."
        if model is not event and getattr(model, "compartment", None) not in COMPARTMENTS:
            yield f"{model.__name__} names no compartment"
        for name, field in model.model_fields.items():
            classes = list(parts(field.annotation))
            limits = [mark for mark in field.metadata if mark not in (OPEN, EFFECTIVE, AT_THE_FIRST)]
            if limits or any(not _is_class(part) for part in classes):
                yield f"{inside}{name} has a limit: limits live in the domain"
            if any(slow_lists(field.annotation, marked=AT_THE_FIRST in field.metadata)):
                yield f"{inside}{name} is a list: Many[…], which is given up at its first bad item"
            if datetime in classes:
                yield f"{inside}{name} must be an AwareDatetime: an instant without a zone is none"
            if float in classes:
                yield f"{inside}{name} must be a Decimal: a float has no öre"
            if f"{inside}{name}" in event.removed:
                yield f"{inside}{name} uses a removed name again"
            inner = {part.compartment for part in classes if _is_class(part) and issubclass(part, Sealed)}
            if issubclass(model, Sealed) and inner - {model.compartment}:
                yield f"{inside}{name} holds another compartment than {model.compartment}"
    for keyword in sorted({word for word in _keywords(wire_schema(event)) if _LIMITS.fullmatch(word)}):
        yield f"its schema says {keyword}: limits live in the domain, and an enum is a WireEnum with `unknown`"


def _is_class(part: object) -> bool:
    return isinstance(part, type)


def _keywords(schema: Any) -> Iterator[str]:
    """The keywords of a schema; the names in `properties` and `$defs` are content, not keywords."""
    if isinstance(schema, list):
        for item in schema:
            yield from _keywords(item)
    if isinstance(schema, dict):
        for keyword, value in schema.items():
            yield keyword
            for inner in value.values() if keyword in {"properties", "$defs"} else [value]:
                yield from _keywords(inner)
