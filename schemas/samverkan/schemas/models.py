"""Walks the models that an event is made of."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel

from samverkan.schemas.event import AT_THE_FIRST


def parts(annotation: Any) -> Iterator[Any]:
    """The plain classes in an annotation: `Many[ClaimLine] | None` gives `ClaimLine` and `NoneType`. What an annotation
    says besides, as a limit, comes as it is."""
    arguments = get_args(annotation)
    if not arguments:
        yield annotation
    for argument in arguments:
        if argument is not ... and argument is not AT_THE_FIRST:
            yield from parts(argument)


def slow_lists(annotation: Any, *, marked: bool = False) -> Iterator[Any]:
    """The lists in an annotation that are not `Many`. `marked`: what stands around it says that it is."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from slow_lists(arguments[0], marked=AT_THE_FIRST in arguments[1:])
        return
    if origin in {tuple, list, set, frozenset} and not marked:
        yield annotation
    for argument in arguments:
        yield from slow_lists(argument)


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
