"""Which replica delivers what, and when what failed is tried again: a claim for a time, in the service's database.

Several replicas deliver side by side, and in the ordinary case each message leaves once. A claim whose holder died
runs out and is taken over, and the one who takes it over is told that an attempt ended unknown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID, uuid4

from samverkan.backbone.database import sql
from samverkan.backbone.runtime import Runtime
from samverkan.notify.views import NotificationRow, Notifications
from samverkan.schemas.notification import Channel

CLAIMED_AT_ONCE: Final = 20  # what a crash leaves in doubt at most


@dataclass(frozen=True)
class Attempt:
    """One notification that is ours to deliver. `number` counts attempts from 1; `interrupted_at`: when the one before
    began whose end nobody knows."""

    row: NotificationRow
    number: int
    interrupted_at: datetime | None = None


@dataclass(frozen=True)
class StuckRow:
    """A notification that has not left although it should have. `held_until`: somebody is at it."""

    notification_id: UUID
    recipient: str | None
    channel: str | None
    template: str | None
    queued_at: datetime | None
    interruptions: int
    attempts: int
    last_code: str | None
    not_before: datetime | None
    held_until: datetime | None


class Attempts(Protocol):
    """See `DatabaseAttempts`."""

    async def claim(self, runtime: Runtime, channel: Channel) -> Sequence[Attempt]: ...
    async def settle(self, runtime: Runtime, attempt: Attempt, version: int) -> None: ...
    async def postpone(self, runtime: Runtime, attempt: Attempt, until: datetime, code: str | None) -> None: ...
    async def release(self, runtime: Runtime, attempt: Attempt) -> None: ...
    async def sweep(self, runtime: Runtime) -> None: ...


class DatabaseAttempts:
    """Claims in the table delivery_attempt. Each call is one short transaction; Transient as usual.

    `claim_seconds`: how long a claim holds. Whoever sends later than that risks a second copy, so delivery stops well
    before (worker.py).
    """

    def __init__(self, claim_seconds: float) -> None:
        self._claim_seconds = claim_seconds
        self._holder = uuid4()

    async def claim(self, runtime: Runtime, channel: Channel) -> Sequence[Attempt]:
        """Notifications of this channel that are due and nobody's, now ours, oldest first."""
        async with runtime.transaction() as connection:
            claimed = await connection.fetch(
                sql(__package__, "claim.sql"),
                channel.value,
                self._holder,
                self._claim_seconds,
                CLAIMED_AT_ONCE,
                runtime.now(),
            )
            listed = ", ".join(Notifications.columns())
            rows = await connection.fetch(
                f"select {listed} from notification where notification_id = any($1)",  # noqa: S608 - the view's own
                [one["notification_id"] for one in claimed],
            )
        found = {row["notification_id"]: Notifications.from_columns(row.values()) for row in rows}
        attempts = [Attempt(found[one["notification_id"]], one["attempts"], one["interrupted_at"]) for one in claimed]
        return sorted(attempts, key=_oldest_first)

    async def settle(self, runtime: Runtime, attempt: Attempt, version: int) -> None:
        """Its outcome stands in the journal as this version of its stream."""
        await self._execute(runtime, "settle.sql", attempt.row.notification_id, self._holder, version)

    async def postpone(self, runtime: Runtime, attempt: Attempt, until: datetime, code: str | None) -> None:
        """It failed for now, with this code; nobody tries it again before."""
        await self._execute(runtime, "postpone.sql", attempt.row.notification_id, self._holder, until, code, True)

    async def release(self, runtime: Runtime, attempt: Attempt) -> None:
        """It was not tried; whoever comes may."""
        now = runtime.now()
        await self._execute(runtime, "postpone.sql", attempt.row.notification_id, self._holder, now, None, False)

    async def sweep(self, runtime: Runtime) -> None:
        """Forget what is long settled."""
        await self._execute(runtime, "sweep.sql")

    async def _execute(self, runtime: Runtime, name: str, *values: object) -> None:
        async with runtime.transaction() as connection:
            await connection.execute(sql(__package__, name), *values)


async def stuck(runtime: Runtime, since: datetime, limit: int) -> Sequence[StuckRow]:
    """What was tried and has not left, or waits since before `since`."""
    async with runtime.transaction() as connection:
        rows = await connection.fetch(sql(__package__, "stuck.sql"), since, limit)
    return [StuckRow(**row) for row in rows]


def _oldest_first(attempt: Attempt) -> tuple[str, str]:
    queued_at = attempt.row.queued_at
    return ("" if queued_at is None else queued_at.isoformat(), str(attempt.row.notification_id))
