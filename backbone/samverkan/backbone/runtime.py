"""What a running service offers its API and workers."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from samverkan.backbone.command import BlindIndex, Context, Executed, IdempotencyKey
from samverkan.backbone.database import Connection
from samverkan.backbone.decider import Order
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View

Row = TypeVar("Row")

Between = Mapping[str, tuple[Any, Any]]
Among = Mapping[str, Collection[Any]]


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
        RowChanged: `context.unchanged` does not hold any more; read that row and what it stands for, and decide again.
        With `blind_index` the order's stream id is used only if no stream is known under that index yet.
        """
        ...

    async def execute_together(
        self,
        orders: Sequence[Order],
        context: Context,
        *,
        expected_version: int | None = None,
        idempotency: IdempotencyKey | None = None,
    ) -> Sequence[Executed]:
        """Decide and append on several streams in one transaction: all of it or nothing, durable on return.

        Refused: one of them says no, nothing was written of any. Transient: the outcome is unknown; repeat with the
        same context. No two orders are for one stream. Version and key are the first order's; when that was carried
        out before, it alone is answered, for the others were carried out with it.
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
        between: Between | None = None,
        among: Among | None = None,
        **equal: Any,
    ) -> Sequence[Row]:
        """Rows whose columns equal the given values, by ascending key, after `after`; at most `limit`.

        `between`: column → (lowest, highest), both included, None for no bound; a null is between nothing. `among`:
        column → the values that it may have, so that the rows of a whole page are one statement.
        """
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

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """A transaction on the service's own database, for tables of its own that are no views: who is at what work.

        What happened belongs into the journal, and never here. Errors are those of `database.transaction`.
        """
        ...

    def behind(self) -> int | None:
        """How many foreign events wait to be applied here, as far as is known; None while it is not known.

        Who acts on what is absent asks first: after a pause, what is absent may only not have arrived yet.
        """
        ...

    async def confirm(self) -> None:
        """Whether what was read just now may be acted upon in the world: a worker asks after reading and before acting.

        Transient: the database may have been put back to the past, where what was done still waits to be done (W2).
        """
        ...
