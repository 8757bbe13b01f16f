"""Deliberate bugs, each the undoing of one mechanism, for tests of the checker. Sown into a process by `member`."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from samverkan.backbone.database import Connection, transaction
from samverkan.backbone.journal.commands import JournalCommands
from samverkan.backbone.recovery.recovery import Recovery
from samverkan.backbone.relay.relay import Relay
from samverkan.backbone.subscription import admission, store
from samverkan.backbone.subscription.apply import Applied, Applier, Place
from samverkan.backbone.subscription.arrival import Record
from samverkan.funding.budget.state import Budget

_BETWEEN_SECONDS: Final = 0.1  # what a laden machine may put between two steps; in a short run a fault must meet it


@dataclass(frozen=True)
class Plant:
    """`breaks`: the invariant. `sow` puts the bug into this process, for good."""

    breaks: str
    sow: Callable[[], None]


def acknowledge_first() -> None:
    """The offset is stored, then the batch is applied: what fails in between is never applied."""
    apply, read_offsets = Applier.apply, store.read_offsets
    before: list[dict[Place, int]] = []

    async def offset_then_effect(
        self: Applier, records: Sequence[Record], at: Mapping[Place, int] | None = None
    ) -> Applied:
        async with transaction(self._pool) as connection:
            stored = await read_offsets(connection)
            await store.move_offsets(connection, _following(records, stored), self._topic_ids)
        await asyncio.sleep(_BETWEEN_SECONDS)
        before.append(stored)
        try:
            return await apply(self, records, at)
        finally:
            before.clear()

    async def as_if_not_moved(connection: Connection) -> dict[Place, int]:
        return before[-1] if before else await read_offsets(connection)

    setattr(Applier, "apply", offset_then_effect)  # noqa: B010 - what mypy would rightly refuse
    setattr(store, "read_offsets", as_if_not_moved)  # noqa: B010 - see above


def _following(records: Sequence[Record], stored: Mapping[Place, int]) -> dict[Place, int]:
    """Where the batch ends on each partition on which it begins where the store stands."""
    ends: dict[Place, int] = {}
    for record in records:
        place = (record.topic, record.partition)
        if record.offset == ends.get(place, stored.get(place, 0)):
            ends[place] = record.offset + 1
    return ends


def cursor_before_acknowledgement() -> None:
    """The cursor moves as soon as rows are numbered: what Kafka never got is never sent again. Recovery, which would
    find it by comparing log and topic (W2), is made to believe the cursor."""
    number = Relay.number

    async def number_and_forget(self: Relay, cursor: int) -> Any:
        rows = await number(self, cursor)
        async with transaction(self._pool) as connection:
            await connection.execute("update sequencer set cursor = next")
        await asyncio.sleep(_BETWEEN_SECONDS)
        return rows

    async def believe(*_: object) -> int:
        return 0

    setattr(Relay, "number", number_and_forget)  # noqa: B010 - see above
    setattr(Recovery, "_send_again", believe)  # noqa: B010 - see above


def no_idempotency() -> None:
    """The reply is not kept: a request that is sent again is decided again."""
    execute = JournalCommands.execute

    async def forgetful(self: JournalCommands, *arguments: Any, **options: Any) -> Any:
        return await execute(self, *arguments, **{**options, "idempotency": None})

    setattr(JournalCommands, "execute", forgetful)  # noqa: B010 - see above


def no_waiting() -> None:
    """`requires` is not looked at: an event is applied when it comes."""
    setattr(admission, "missing", lambda *_: ())  # noqa: B010 - see above


def no_limit() -> None:
    """What a budget has left is not looked at when it is bound."""
    setattr(Budget, "available", property(lambda _: Decimal("Infinity")))  # noqa: B010 - see above


PLANTS: Final[Mapping[str, Plant]] = {
    "acknowledge-first": Plant("S1", acknowledge_first),
    "cursor-before-acknowledgement": Plant("R1", cursor_before_acknowledgement),
    "no-idempotency": Plant("J1", no_idempotency),
    "no-waiting": Plant("S5", no_waiting),
    "no-limit": Plant("J1", no_limit),
}
