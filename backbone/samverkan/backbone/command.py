"""A command's circumstances and its outcome, as HTTP, reactions and workers hand them to `Commands.execute`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from samverkan.backbone.view import View
from samverkan.schemas.envelope import Requirement


@dataclass(frozen=True)
class Unchanged:
    """A row that a decision rests on besides its stream, as it was read before anything else was; None: there was none.

    For a rule over several streams. It holds if every event that the rule has to see changes the row: then, of two
    decisions at the same time that would each be right alone, the later one finds the row changed.
    """

    view: type[View[Any]]
    key: Any
    row: Any | None


@dataclass(frozen=True)
class Context:
    """Who, on behalf of which agency, when, and why. Pseudonymous: an actor id, never a name.

    `correlation_id` is the case; None keeps the stream's own (a stream remembers that of its first event).
    `unchanged`: what must still be so when the events are written.
    """

    now: datetime
    command_id: UUID
    actor: str | None = None
    agency: str | None = None
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    requires: tuple[Requirement, ...] = ()
    traceparent: str | None = None
    unchanged: Unchanged | None = None


@dataclass(frozen=True)
class IdempotencyKey:
    """The caller's key and the SHA-256 of the request it stands for."""

    key: str
    request_digest: bytes


@dataclass(frozen=True)
class BlindIndex:
    """A keyed digest under which one stream is found again: the first command under it creates the stream."""

    kind: str
    digest: bytes


@dataclass(frozen=True)
class Executed:
    """What a command led to.

    `event_types` names the events in order (`PlacementStarted`), none when it had been carried out before.
    `repeated`: the reply stored under the idempotency key; nothing was written this time.
    """

    stream_id: UUID
    version: int
    event_types: tuple[str, ...]
    repeated: bool = False
