"""Looks at a service's own tables and tells the metrics and alarms what it sees. Reads only."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog

from samverkan.backbone.clock import Clock
from samverkan.backbone.database import Pool, sql, transaction
from samverkan.backbone.errors import Transient
from samverkan.backbone.relay.relay import Relay
from samverkan.backbone.subscription.apply import Applied
from samverkan.backbone.subscription.positions import Standing
from samverkan.backbone.subscription.subscription import Subscription
from samverkan.backbone.telemetry import metrics
from samverkan.backbone.telemetry.alarms import Alarm, alarm
from samverkan.backbone.telemetry.health import Health

log = structlog.get_logger(__name__)

INTERVAL_SECONDS: Final = 2.0

_OLD = """
select stream_id, topic, reason, version, since
from held_stream
where (reason = 'hole' and since < $1) or (reason = 'requires' and since < $2)
"""


class Monitor:
    """One per process. Alarms once for each hole and each wait that grew too old."""

    def __init__(
        self,
        pool: Pool,
        clock: Clock,
        relay: Relay | None,
        subscription: Subscription | None,
        *,
        hole_alarm: Callable[[datetime], datetime],
        waiting_alarm: Callable[[datetime], datetime],
        health: Health,
        progress_limit_seconds: float,
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._relay = relay
        self._subscription = subscription
        self._hole_alarm = hole_alarm
        self._waiting_alarm = waiting_alarm
        self._health = health
        self._progress = health.progress("monitor", progress_limit_seconds)
        self._stuck: set[str] = set()
        self._marks: dict[str, tuple[int, datetime]] = {}
        self._alarmed: set[tuple[UUID, int]] = set()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Look every two seconds until `stop`."""
        while not self._stopping.is_set():
            self._progress.beat()
            self._alarm_stuck()
            try:
                await self._look()
            except Transient as error:
                log.warning("monitor_postponed", code=error.code, reason=str(error))
            with suppress(TimeoutError):
                async with asyncio.timeout(INTERVAL_SECONDS):
                    await self._stopping.wait()

    def stop(self) -> None:
        """Return from `run`."""
        self._stopping.set()

    async def _look(self) -> None:
        now = self._clock.now()
        async with transaction(self._pool) as connection:
            if self._relay is not None:
                metrics.RELAY_LEASE_HELD.set(1 if self._relay.active else 0)
                (lag,) = await connection.fetch(sql("samverkan.backbone.relay", "lag.sql"))
                metrics.RELAY_LAG_EVENTS.set(lag["events"])
                metrics.RELAY_LAG_SECONDS.set(0 if lag["since"] is None else (now - lag["since"]).total_seconds())
            if self._subscription is None:
                return
            (held,) = await connection.fetch(sql("samverkan.backbone.parking", "counts.sql"))
            old = await connection.fetch(_OLD, self._hole_alarm(now), self._waiting_alarm(now))
        metrics.SUBSCRIPTION_HOLES.set(held["holes"])
        metrics.SUBSCRIPTION_WAITING.set(held["waiting"])
        metrics.SUBSCRIPTION_PARKED.set(held["parked"])
        metrics.SUBSCRIPTION_SET_ASIDE.set(held["rejected"], kind="rejected")
        metrics.SUBSCRIPTION_SET_ASIDE.set(held["forks"], kind="fork")
        metrics.SUBSCRIPTION_HALTED.set(0 if self._subscription.halted is None else 1)
        for topic, standing in self._subscription.standings().items():
            metrics.SUBSCRIPTION_LAG_EVENTS.set(None if standing is None else standing.lag, topic=topic)
            metrics.SUBSCRIPTION_LAG_SECONDS.set(self._age(topic, standing, now), topic=topic)
        for row in old:
            place = (row["stream_id"], row["version"])
            if place not in self._alarmed:
                self._alarmed.add(place)
                kind = Alarm.HOLE if row["reason"] == "hole" else Alarm.WAITING
                alarm(kind, topic=row["topic"], stream=str(row["stream_id"]), version=row["version"])
        self._alarmed &= {(row["stream_id"], row["version"]) for row in old}

    def _age(self, topic: str, standing: Standing | None, now: datetime) -> float | None:
        """Seconds that the oldest record not applied has been seen waiting, to the monitor's interval."""
        if standing is None or standing.lag == 0:
            self._marks.pop(topic, None)
            return None if standing is None else 0.0
        end, since = self._marks.get(topic, (standing.end, now))
        if standing.position >= end:  # all that waited then is applied; what waits now came later
            end, since = standing.end, now
        self._marks[topic] = (end, since)
        return (now - since).total_seconds()

    def _alarm_stuck(self) -> None:
        stuck = {loop.name for loop in self._health.loops if loop.stuck}
        for name in stuck - self._stuck:
            alarm(Alarm.STUCK, loop=name)
        self._stuck = stuck


def tell(applied: Applied, now: datetime) -> None:
    """Count what a batch led to; forks alarm at once (W3)."""
    by_topic: dict[str, list[float]] = {}
    for event in applied.events:
        seconds = (now - event.envelope.recorded_at).total_seconds()
        by_topic.setdefault(event.topic, []).append(max(0.0, seconds))
    for topic, visible in by_topic.items():  # one by one was a tenth of what applying costs (2026-11)
        metrics.SUBSCRIPTION_APPLIED.inc(len(visible), topic=topic)
        metrics.COMMIT_TO_VISIBLE_SECONDS.observe_all(visible, topic=topic)
    if applied.repeats:
        metrics.SUBSCRIPTION_REPEATS_DROPPED.inc(applied.repeats)
    if applied.refusals:
        metrics.SUBSCRIPTION_REACTIONS_REFUSED.inc(applied.refusals)
    for fork in applied.forks:
        metrics.SUBSCRIPTION_FORKS.inc()
        alarm(Alarm.FORK, topic=fork.topic, stream=str(fork.stream_id), version=fork.version, offset=fork.offset)
    for stream_id, hold in applied.parked.items():
        log.error("parked", stream=str(stream_id), version=hold.version, code=hold.code, detail=hold.detail)
    for record in applied.rejected:
        log.error(
            "record_rejected",
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            code=record.code,
            detail=record.detail,
        )
