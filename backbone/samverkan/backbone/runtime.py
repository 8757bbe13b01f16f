"""What a running service offers its API and workers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from samverkan.backbone.command import BlindIndex, Context, Executed, IdempotencyKey
from samverkan.backbone.decider import Order
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View

Row = TypeVar("Row")


class Commands(Protocol):
    """The only way in for a command."""

    async def execute(
        self,
        order: Order,
        context: Context,
        *,
        expected_version: int | None = None,
        idempotency: IdempotencyKey | None = None,
        blind_index: BlindIndex | None = None,
    ) -> Executed:
        """Decide and append in one transaction, durable on return (J1).

        Refused: the rule says no, nothing was written. VersionConflict: `expected_version` was given and is not the
        stream's. Without it a lost race is decided again from a fresh read. Refused `idempotency-key-reused`: the key
        stands for another request. Transient: the outcome is unknown; repeat with the same key.
        With `blind_index` the order's stream id is used only if no stream is known under that index yet.
        """
        ...


class Queries(Protocol):
    """Reads of views and kept events. Each call is one statement on a snapshot of its own."""

    async def get(self, view: type[View[Row]], key: object) -> Row | None:
        """The row with this primary key."""
        ...

    async def select(
        self,
        view: type[View[Row]],
        *,
        after: object | None = None,
        limit: int = 100,
        **equal: Any,
    ) -> Sequence[Row]:
        """Rows whose columns equal the given values, by ascending key, after `after`; at most `limit`."""
        ...

    async def count(self, view: type[View[Row]], **equal: Any) -> int:
        """How many rows have these values."""
        ...

    async def timeline(self, correlation_id: UUID) -> Sequence[tuple[Recorded, datetime]]:
        """The applied events of one case as this service may read them, each with the instant it was applied here.

        Order: that of application.
        """
        ...


class Runtime(Protocol):
    """A running service."""

    commands: Commands
    queries: Queries

    def now(self) -> datetime:
        """The instant, in UTC, of the clock that the composition root chose."""
        ...

    async def confirm(self) -> None:
        """Whether what was read just now may be acted upon in the world: a worker asks after reading and before acting.

        Transient: the database may have been put back to the past, where what was done still waits to be done (W2).
        """
        ...
