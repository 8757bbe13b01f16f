"""Delivery: queued notifications leave by mail or webhook, and what became of them is recorded.

In the ordinary case each leaves once, whatever number of replicas runs. A crash between a receiver's acceptance and our
record sends the same message again, under the same id, and `NotificationInterrupted` says that it may have come twice.
Never quietly lost: a notification stays queued until it is delivered, refused for good, or given up after a stated
time.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from time import monotonic
from typing import Final
from uuid import UUID, uuid5

import structlog

from samverkan.backbone.cancellation import end_if_cancelled
from samverkan.backbone.command import Context
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Refused, Transient
from samverkan.backbone.parking.policy import RetryPolicy
from samverkan.backbone.runtime import Runtime
from samverkan.notify.delivery.attempts import Attempt, Attempts
from samverkan.notify.delivery.sending import Interrupted, Later, Outcome, Sending
from samverkan.notify.notification import NOTIFICATION, RecordInterruption

_SWEEP_SECONDS: Final = 3_600.0
_SHARE_OF_CLAIM: Final = 0.5  # nothing is begun later: what is under way ends before the claim does

log = structlog.stdlib.get_logger(__name__)


@dataclass
class Pause:
    """When a channel that was interrupted as a whole is tried again. In memory: after a restart it is tried at once."""

    policy: RetryPolicy
    random: Random
    failures: int = 0
    until: datetime | None = None

    def longer(self, now: datetime) -> None:
        """Wait longer than the last time."""
        self.until = self.policy.retry_at(self.failures, now, self.random)
        self.failures += 1

    def over(self) -> None:
        """It works."""
        self.failures, self.until = 0, None

    def lasts(self, now: datetime) -> bool:
        """Whether it is too early."""
        return self.until is not None and now < self.until


@dataclass
class Delivery:
    """The worker. `claim_seconds` is how long `attempts` lets a claim stand."""

    channels: Sequence[Sending]
    attempts: Attempts
    policy: RetryPolicy
    random: Random
    poll_interval_seconds: float
    claim_seconds: float
    # Outcomes that could not be recorded: recorded next time instead of sending once more.
    _unrecorded: dict[UUID, tuple[Attempt, Outcome]] = field(default_factory=dict)
    _pauses: dict[str, Pause] = field(default_factory=dict)

    async def run(self, runtime: Runtime) -> None:
        """Deliver until cancelled. What is under way then is a crash like any other; what was not begun is let go."""
        async with asyncio.TaskGroup() as loops:
            for channel in self.channels:
                loops.create_task(self._run(runtime, channel))
            loops.create_task(self._sweep(runtime))

    async def deliver_queued(self, runtime: Runtime) -> int:
        """One round over every channel; the number of notifications that were settled."""
        return sum([await self._round(runtime, channel) for channel in self.channels])

    async def _run(self, runtime: Runtime, channel: Sending) -> None:
        while True:
            while await self._round(runtime, channel):
                end_if_cancelled()  # else there may be more than one claim takes
            end_if_cancelled()
            await asyncio.sleep(self.poll_interval_seconds)

    async def _sweep(self, runtime: Runtime) -> None:
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            try:
                await self.attempts.sweep(runtime)
            except Transient as error:
                log.warning("sweep_postponed", code=error.code)

    async def _round(self, runtime: Runtime, channel: Sending) -> int:
        now = runtime.now()
        pause = self._pauses.setdefault(channel.channel.value, Pause(self.policy, self.random))
        if pause.lasts(now):
            return 0
        try:
            settled = await self._record_again(runtime, channel)
            if not await _confirmed(runtime):
                return 0
            settled += await self._deliver(runtime, channel)
        except (Transient, Interrupted) as error:
            pause.longer(now)
            log.warning("delivery_interrupted", channel=channel.channel.value, reason=error.code)
            return 0
        pause.over()
        return settled

    async def _deliver(self, runtime: Runtime, channel: Sending) -> int:
        until = monotonic() + self.claim_seconds * _SHARE_OF_CLAIM
        claimed = await self.attempts.claim(runtime, channel.channel)
        left = {attempt.row.notification_id: attempt for attempt in claimed}
        settled = 0
        try:
            for attempt in claimed:
                if attempt.interrupted_at is not None:
                    await self._record_interruption(runtime, attempt, attempt.interrupted_at)
            async for attempt, result in channel.send(runtime, claimed, until):
                del left[attempt.row.notification_id]
                settled += await self._settle(runtime, attempt, result)
        finally:
            await self._let_go(runtime, channel, left)
        return settled

    async def _let_go(self, runtime: Runtime, channel: Sending, left: Mapping[UUID, Attempt]) -> None:
        """What was not begun is anybody's at once; what may be under way is left to the end of its claim."""
        for attempt in left.values():
            if not channel.is_under_way(attempt):
                try:
                    await self.attempts.release(runtime, attempt)
                except Transient as error:
                    log.warning("release_failed", code=error.code)

    async def _settle(self, runtime: Runtime, attempt: Attempt, result: Outcome | Later) -> bool:
        if isinstance(result, Later):
            if result.tried:
                at = result.at or self.policy.retry_at(attempt.number - 1, runtime.now(), self.random)
                await self.attempts.postpone(runtime, attempt, at, result.code)
            else:
                await self.attempts.release(runtime, attempt)
            return False
        self._unrecorded[attempt.row.notification_id] = attempt, result
        await self._record(runtime, attempt, result)
        return True

    async def _record_again(self, runtime: Runtime, channel: Sending) -> int:
        kept = [one for one in self._unrecorded.values() if one[0].row.channel == channel.channel.value]
        for attempt, outcome in kept:
            await self._record(runtime, attempt, outcome)
        return len(kept)

    async def _record(self, runtime: Runtime, attempt: Attempt, outcome: Outcome) -> None:
        notification_id, version = attempt.row.notification_id, attempt.row.version + 1
        command_id = uuid5(notification_id, f"{type(outcome).__name__}/{attempt.row.version}")
        context = Context(runtime.now(), command_id, correlation_id=attempt.row.case_id)
        try:
            executed = await runtime.commands.execute(Order(NOTIFICATION, notification_id, outcome), context)
            version = executed.version
        except Refused as refused:  # settled by somebody else in the meantime: theirs stands
            log.warning("outcome_refused", notification=str(notification_id), code=refused.code)
        await self.attempts.settle(runtime, attempt, version)
        del self._unrecorded[notification_id]

    async def _record_interruption(self, runtime: Runtime, attempt: Attempt, begun_at: datetime) -> None:
        notification_id = attempt.row.notification_id
        log.warning("attempt_interrupted", notification=str(notification_id), channel=attempt.row.channel)
        command_id = uuid5(notification_id, f"RecordInterruption/{begun_at.isoformat()}")
        context = Context(runtime.now(), command_id, correlation_id=attempt.row.case_id)
        try:
            await runtime.commands.execute(Order(NOTIFICATION, notification_id, RecordInterruption(begun_at)), context)
        except Refused as refused:
            log.warning("outcome_refused", notification=str(notification_id), code=refused.code)


async def _confirmed(runtime: Runtime) -> bool:
    """A database that was put back to the past knows too little: a mail that was delivered waits there again."""
    try:
        await runtime.confirm()
    except Transient as error:
        log.warning("delivery_postponed", code=error.code)
        return False
    return True
