"""A service as a process: reads settings, wires, runs until told to stop, drains."""

import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

import structlog
import uvloop

from samverkan.backbone.clock import Clock, SettableClock, SystemClock
from samverkan.backbone.command import Context, Executed
from samverkan.backbone.database import Connection, Pool, classify, connect, transaction
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Permanent, Transient
from samverkan.backbone.frozen import watch_frozen
from samverkan.backbone.garbage import collect_seldom
from samverkan.backbone.http.build import build_http
from samverkan.backbone.http.repairing import repairing
from samverkan.backbone.http.server import HttpServer, http_server
from samverkan.backbone.http.texts import TextsInvalid
from samverkan.backbone.journal.commands import JournalCommands
from samverkan.backbone.journal.journal import Journal
from samverkan.backbone.journal.states import States
from samverkan.backbone.monitor import Monitor, tell
from samverkan.backbone.parking.policy import ParkingLimit, RetryPolicy
from samverkan.backbone.parking.repairs import Repairs
from samverkan.backbone.queries import ViewQueries
from samverkan.backbone.recovery.gate import OPEN, Gate
from samverkan.backbone.recovery.keeper import Keeper
from samverkan.backbone.recovery.recovery import Recovery
from samverkan.backbone.relay.relay import Relay, RelayPolicy
from samverkan.backbone.runtime import Commands, Queries
from samverkan.backbone.service import Service
from samverkan.backbone.settings import Settings, SettingsInvalid
from samverkan.backbone.subscription.apply import Applier
from samverkan.backbone.subscription.batch import Batches
from samverkan.backbone.subscription.reacting import Reader
from samverkan.backbone.subscription.subscription import Subscription, SubscriptionPolicy
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.telemetry.logs import configure_logging, log_unhandled
from samverkan.backbone.view_table import ViewTables

log = structlog.get_logger(__name__)

S = TypeVar("S", bound=Settings)

CONFIGURATION_EXIT: Final = 78  # EX_CONFIG of sysexits.h: starting again will not help


@dataclass
class LiveRuntime:
    """`runtime.Runtime` of this process."""

    commands: Commands
    queries: Queries
    clock: Clock
    pool: Pool
    gate: Gate
    subscription: Subscription | None = None

    def now(self) -> datetime:
        """The instant, in UTC."""
        return self.clock.now()

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """See `Runtime.transaction`."""
        return transaction(self.pool)

    def behind(self) -> int | None:
        """See `Runtime.behind`."""
        return 0 if self.subscription is None else self.subscription.lag()

    async def confirm(self) -> None:
        """See `Runtime.confirm`."""
        async with transaction(self.pool) as connection:
            self.gate.admit(connection)


class ReadOnly:
    """`Commands` of a service that owns no topic."""

    async def execute(self, order: Order, context: Context, **_: object) -> Executed:
        """Permanent: nothing is decided here."""
        raise Permanent("service-reads-only", f"{type(order.command).__name__} by {context.agency}")

    async def execute_together(self, orders: Sequence[Order], context: Context, **_: object) -> Sequence[Executed]:
        """Permanent, as one order is."""
        return [await self.execute(order, context) for order in orders]


@dataclass
class Process:
    """The parts of a running service, wired and not started."""

    server: HttpServer
    relay: Relay | None
    subscription: Subscription | None
    monitor: Monitor
    runtime: LiveRuntime
    service: Service
    drain_seconds: float
    keeper: Keeper | None = None

    async def run(self, stopping: asyncio.Event) -> None:
        """Run until `stopping`, then drain: no more requests, no more records, what is committed is sent.

        A part that ends by itself or raises ends the process: a supervisor starts a fresh one, and nothing is lost.
        """
        loops = [self.monitor.run(), self.server.serve(), *(worker(self.runtime) for worker in self.service.workers)]
        if self.subscription is not None:
            loops.append(self.subscription.run())
        writing = slice(1, len(loops))  # all who may commit events
        if self.relay is not None:
            loops.append(self.relay.run())
        if self.keeper is not None:
            loops.append(self.keeper.run())
        watching = asyncio.ensure_future(watch_frozen(self.runtime.pool))
        tasks = [*map(asyncio.ensure_future, loops), watching]
        stopped = asyncio.create_task(stopping.wait())
        ended, _ = await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
        ended.discard(stopped)
        self._stop()
        workers = tasks[2 : 2 + len(self.service.workers)]
        for task in (*workers, watching):
            task.cancel()
        until = asyncio.get_running_loop().time() + self.drain_seconds
        await asyncio.wait(tasks[writing], timeout=self.drain_seconds / 2)
        if self.relay is not None:  # only now: what the last request committed is to be sent, too
            self.relay.drain()
        _, late = await asyncio.wait(tasks, timeout=max(0.0, until - asyncio.get_running_loop().time()))
        for task in late:
            task.cancel()
        stopped.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException) and not isinstance(outcome, asyncio.CancelledError):
                raise outcome
        if ended:
            raise Permanent("loop-ended", "a part of the service ended by itself")

    def _stop(self) -> None:
        self.server.should_exit = True
        self.monitor.stop()
        if self.keeper is not None:
            self.keeper.stop()
        if self.subscription is not None:
            self.subscription.stop()


def run(build: Callable[[S], Service], settings_type: type[S]) -> None:
    """The body of every `main`: read settings, wire, run until SIGTERM or SIGINT.

    Exit codes: 0 after a drain, 78 for a setting or text that is wrong (one sentence on standard error), 1 when a
    part failed; starting again is then right.
    """
    try:
        settings = settings_type.read()
        service = build(settings)
        configure_logging(service.name, settings.log_format)
        collect_seldom()
        uvloop.run(serve(service, settings))
    except (SettingsInvalid, TextsInvalid) as invalid:
        print(invalid, file=sys.stderr)  # noqa: T201 - one sentence for whoever started it, before any log
        sys.exit(CONFIGURATION_EXIT)


async def serve(service: Service, settings: Settings, clock: Clock | None = None) -> None:
    """Run a service in this event loop until a signal ends it."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(log_unhandled)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    pool = await _pool(settings, stopping)
    if pool is None:
        return
    try:
        process = wire(service, settings, pool, clock or _clock(settings))
        log.info("starting", topics=[topic.name for topic in service.subscribes])
        await process.run(stopping)
        log.info("drained")
    finally:
        await _close(pool)


def wire(service: Service, settings: Settings, pool: Pool, clock: Clock, *, gate: Gate | None = None) -> Process:
    """Put the parts together. Nothing runs yet. `gate`: another than the one that W2 asks for."""
    health = Health()
    views = ViewTables(service.views, shared=service.owns is not None)
    journal = Journal(service.owns) if service.owns is not None else None
    states = States(journal) if journal is not None else None
    keeper = _keeper(
        service, settings, pool, health, gate or Gate(on_change=_nothing if states is None else states.forget)
    )
    relay = _relay(service, settings, pool, health, views, keeper)
    wake = relay.wake if relay is not None else _nothing
    commands: Commands = ReadOnly()
    if journal is not None and states is not None:
        commands = JournalCommands(pool, journal, states, views, on_commit=wake, gate=keeper.gate if keeper else None)
    subscription = None
    if service.subscribes:
        reader = Reader({topic.name: topic for topic in service.subscribes}, service.readable, service.reactions)
        applier = Applier(
            pool,
            service.name,
            Batches(reader, views, service.name, journal, states, keeper.gate if keeper else OPEN),
            clock,
            limit=ParkingLimit(settings.halt_parked_streams, settings.halt_parked_share),
            retry=RetryPolicy(
                settings.parked_backoff_first_seconds,
                cap_seconds=settings.parked_backoff_cap_seconds,
                jitter=settings.parked_backoff_jitter,
            ),
            on_commit=wake,
            gate=keeper.gate if keeper else None,
        )
        subscription = Subscription(
            service.name,
            service.subscribes,
            settings.kafka_bootstrap,
            applier,
            SubscriptionPolicy(
                settings.batch_timeout_ms,
                settings.max_batch_records,
                settings.transient_backoff_first_seconds,
                settings.transient_backoff_cap_seconds,
                instance=settings.consumer_instance,
            ),
            beat=health.progress("subscription", settings.progress_limit_seconds).beat,
            on_applied=lambda applied: tell(applied, clock.now()),
        )
        health.condition("position", lambda: None if subscription.lag() is not None else "position-unknown")
        health.condition("halt", lambda: None if subscription.halted is None else "halted")
    runtime = LiveRuntime(
        commands,
        ViewQueries(pool, service.readable),
        clock,
        pool,
        keeper.gate if keeper else OPEN,
        subscription,
    )
    monitor = Monitor(
        pool,
        clock,
        relay,
        subscription,
        hole_alarm=lambda now: now - timedelta(seconds=settings.hole_alarm_seconds),
        waiting_alarm=lambda now: now - timedelta(seconds=settings.waiting_alarm_seconds),
        health=health,
        progress_limit_seconds=settings.progress_limit_seconds,
    )
    repairs = repairing(service.name, pool, Repairs(pool, service.name, clock)) if service.subscribes else None
    app = build_http(service, runtime, health, max_body_bytes=settings.http_max_body_bytes, repairs=repairs)
    return Process(
        http_server(app, settings), relay, subscription, monitor, runtime, service, settings.drain_seconds, keeper
    )


def _clock(settings: Settings) -> Clock:
    if settings.clock_file is None:
        return SystemClock()
    log.warning("clock_can_be_set", file=str(settings.clock_file))
    return SettableClock(settings.clock_file)


def _keeper(service: Service, settings: Settings, pool: Pool, health: Health, gate: Gate) -> Keeper | None:
    if service.owns is None:
        return None
    health.condition("log", lambda: gate.reason)
    return Keeper(pool, gate, beat=health.progress("keeper", settings.progress_limit_seconds).beat)


def _relay(
    service: Service, settings: Settings, pool: Pool, health: Health, views: ViewTables, keeper: Keeper | None
) -> Relay | None:
    if service.owns is None or keeper is None:
        return None
    beat = health.progress("relay", settings.progress_limit_seconds).beat
    recovery = Recovery(
        pool, service.owns, settings.kafka_bootstrap, views, keeper, find=service.blind_index, beat=beat
    )
    relay = Relay(
        pool,
        service.owns,
        settings.kafka_bootstrap,
        RelayPolicy(settings.poll_interval_seconds, settings.lease_seconds),
        beat=beat,
        guard=recovery,
    )
    health.condition("topic", lambda: None if relay.partitions is not None else "partitions-unknown")
    return relay


async def _pool(settings: Settings, stopping: asyncio.Event) -> Pool | None:
    """The pool, as soon as the database answers; None when told to stop before."""
    wait = settings.transient_backoff_first_seconds
    while not stopping.is_set():
        try:
            return await connect(settings.database_url.get_secret_value())
        except Exception as error:  # noqa: BLE001 - what is not transient is raised again
            meaning = classify(error)
            if not isinstance(meaning, Transient):
                raise meaning or error from None
            log.warning("database_unreachable", reason=str(meaning))
            await asyncio.sleep(wait)
            wait = min(wait * 2, settings.transient_backoff_cap_seconds)
    return None


async def _close(pool: Pool) -> None:
    try:
        async with asyncio.timeout(5.0):
            await pool.close()
    except TimeoutError:
        pool.terminate()


def _nothing() -> None:
    """There is no relay to wake."""
