"""Every event described for those who consume it: `events.md`, made from the catalogue and the models."""

from collections.abc import Iterator
from enum import Enum
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from samverkan.schemas.catalogue import TOPICS, Topic
from samverkan.schemas.event import OPEN, Event, Sealed
from samverkan.schemas.models import nested_models, parts

_INTRODUCTION = """\
<!-- Made by python -m samverkan.schemas.generate from the catalogue and the models: do not edit. -->
# The events

What each event means, topic by topic, in the order of the catalogue. *Open* fields are readable by every receiver; the
others stand in the compartment that their field is named after and are absent for whoever may not read it, which is
never a fault. `?` marks what may be absent. How a record is read, and what is promised: [README](README.md).
"""


def guide() -> str:
    """The whole page."""
    return "\n".join([_INTRODUCTION, *(line for topic in TOPICS for line in _topic(topic)), *_words()])


def _topic(topic: Topic) -> Iterator[str]:
    yield f"## {topic.name}\n"
    yield f"Published by {topic.owner}. Received by {', '.join(topic.receivers)}.\n"
    for event in topic.events:
        yield from _event(event)


def _event(event: type[Event]) -> Iterator[str]:
    yield f"### {event.__name__}\n"
    yield f"{cleandoc(event.__doc__ or '')}\n"
    has_day = event.effective_field is not None or event.effective_on is not Event.effective_on
    effective = "on a day of its own" if has_day else "when it is recorded"
    yield f"`{event.wire_type()}` · takes effect {effective} · ground: {event.legal_basis}\n"
    yield "| field | | kind |"
    yield "|---|---|---|"
    for name, field in event.model_fields.items():
        yield f"| {name} | {_place(field)} | {_field_kind(field)} |"
    yield ""
    for model in nested_models(event)[1:]:
        fields = ", ".join(f"`{name}` {_field_kind(field)}" for name, field in model.model_fields.items())
        yield f"- **{model.__name__}**: {' '.join(cleandoc(model.__doc__ or '').split())} Holds {fields}."
    if len(nested_models(event)) > 1:
        yield ""


def _words() -> Iterator[str]:
    yield "## Words\n"
    yield "Each may get new members; read one that you do not know as `unknown`.\n"
    for name, words in sorted({one.__name__: one for topic in TOPICS for one in _enums(topic)}.items()):
        members = ", ".join(f"`{member.value}`" for member in words)
        yield f"- **{name}**: {' '.join(cleandoc(words.__doc__ or '').split())} {members}."
    yield ""


def _enums(topic: Topic) -> Iterator[type[Enum]]:
    for event in topic.events:
        for model in nested_models(event):
            for field in model.model_fields.values():
                yield from (
                    part for part in parts(field.annotation) if isinstance(part, type) and issubclass(part, Enum)
                )


def _place(field: FieldInfo) -> str:
    return "open" if OPEN in field.metadata else "compartment"


def _field_kind(field: FieldInfo) -> str:
    kind = _kind(field.annotation)
    return kind if field.is_required() or kind.endswith("?") else f"{kind}?"


def _kind(annotation: Any) -> str:
    """A type in words: `date`, `list of ClaimLine`, `map of text to int`."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(arguments[0])
    if origin in {Union, UnionType}:
        kinds = " or ".join(_kind(one) for one in arguments if one is not NoneType)
        return f"{kinds}?" if NoneType in arguments else kinds
    if origin is tuple:
        return f"list of {_kind(arguments[0])}"
    if origin is dict:
        return f"map of {_kind(arguments[0])} to {_kind(arguments[1])}"
    if issubclass(annotation, Sealed | BaseModel):
        return str(annotation.__name__)
    if issubclass(annotation, Enum):
        return f"[{annotation.__name__}](#words)"
    return _WORDS.get(name := str(annotation.__name__), name)


_WORDS = {"str": "text", "Decimal": "decimal text", "UUID": "id", "bool": "true or false", "AwareDatetime": "instant"}
