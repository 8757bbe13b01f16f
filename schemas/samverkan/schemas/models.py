"""Walks the models that an event is made of."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel


def parts(annotation: Any) -> Iterator[Any]:
    """The plain classes in an annotation: `tuple[ClaimLine, ...] | None` gives `ClaimLine` and `NoneType`."""
    arguments = get_args(annotation)
    if not arguments:
        yield annotation
    for argument in arguments:
        if argument is not ...:
            yield from parts(argument)


def nested_models(model: type[BaseModel]) -> tuple[type[BaseModel], ...]:
    """The model and every model in its fields, each once, in the order of the fields."""
    found: dict[type[BaseModel], None] = {}
    waiting = [model]
    while waiting:
        current = waiting.pop(0)
        if current in found:
            continue
        found[current] = None
        waiting += [
            part
            for field in current.model_fields.values()
            for part in parts(field.annotation)
            if isinstance(part, type) and issubclass(part, BaseModel)
        ]
    return tuple(found)
