"""What a service is made of: the whole author's side. No Kafka and no SQL transaction in sight."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter

from samverkan.backbone.command import BlindIndex
from samverkan.backbone.decider import Aggregate, Order
from samverkan.backbone.policy import Policy
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View
from samverkan.schemas.catalogue import Topic
from samverkan.schemas.codec import ALL
from samverkan.schemas.event import Compartment, Event

if TYPE_CHECKING:
    from samverkan.backbone.runtime import Runtime

Reaction = Callable[[Recorded], Iterable[Order]]
Worker = Callable[["Runtime"], Awaitable[None]]


@dataclass(frozen=True)
class Service:
    """A service as its composition root describes it.

    `name` is its receiver name in the catalogue (`placement`, `agency.af`). `owns` is the topic that it alone writes,
    None for a reader. `reactions` are keyed by foreign event; each is pure and called inside the transaction that
    applies the event. `policy` names who may give which command over HTTP; a command that it does not name is refused
    to everybody. `workers` run beside the service until it drains (mail delivery, schedulers). `blind_index` tells
    under which blind index an own event's stream is known, if it opens one: taken back with the event (W2).
    """

    name: str
    subscribes: tuple[Topic, ...]
    owns: Topic | None = None
    aggregates: tuple[Aggregate[Any], ...] = ()
    reactions: Mapping[type[Event], Reaction] = field(default_factory=dict)
    views: tuple[View[Any], ...] = ()
    readable: frozenset[Compartment] = ALL
    policy: Policy = field(default_factory=dict)
    routers: tuple[APIRouter, ...] = ()
    texts: Path | None = None
    migrations: Path | None = None
    workers: tuple[Worker, ...] = ()
    blind_index: Callable[[Recorded], BlindIndex | None] | None = None
