"""Lifts released shapes to the current one, on reading. What is stored and sent is never rewritten.

To release version 2 of an event: move the old class to `<module>_v1.py` under its own name with `major = 1`, give the
new class the same name and `major = 2` in the catalogue, and add old class → function here. Schema and sample of
version 1 stay committed for ever. A chain (1 → 2 → 3) has one entry per step.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from samverkan.schemas.event import Event

Upcaster = Callable[[Any], Event]
"""Pure and total: an absent compartment stays absent, and no old event is refused."""

UPCASTERS: Final[Mapping[type[Event], Upcaster]] = {}


@dataclass(frozen=True)
class Registry:
    """Every version ever released, and how each old one becomes the next."""

    models: Mapping[str, type[Event]]
    upcasters: Mapping[type[Event], Upcaster]

    @classmethod
    def of(cls, current: Iterable[type[Event]], upcasters: Mapping[type[Event], Upcaster]) -> "Registry":
        """Build it. ValueError: two models have one wire type, or an old version has no next one to become."""
        models: dict[str, type[Event]] = {}
        for model in (*current, *upcasters):
            if models.setdefault(model.wire_type(), model) is not model:
                raise ValueError(f"two models for {model.wire_type()}")
        for old in upcasters:
            following = f"se.samverkan.{old.__name__}.v{old.major + 1}"
            if following not in models:
                raise ValueError(f"an upcaster from {old.wire_type()} but no {following}")
        return cls(models, upcasters)

    def lift(self, event: Event) -> Event:
        """The event in its newest version."""
        while (upcaster := self.upcasters.get(type(event))) is not None:
            following = upcaster(event)
            if following.major != event.major + 1:
                raise TypeError(f"the upcaster of {event.wire_type()} made {following.wire_type()}")
            event = following
        return event
