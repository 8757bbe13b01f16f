"""What the payload of a foreign event leads to here, or why it can never be applied."""

from dataclasses import dataclass
from typing import NamedTuple

from samverkan.backbone.decider import Order
from samverkan.backbone.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an event can never be applied as it is. `code` is stable; `detail` carries no personal data."""

    code: str
    detail: str = ""


class Readied(NamedTuple):
    """A foreign event as it is read here, and the orders that it leads to. A named tuple, because one is made for
    every event. `unknown_fields`: a newer writer added some, which this reader ignored."""

    recorded: Recorded
    orders: tuple[Order, ...]
    unknown_fields: bool
