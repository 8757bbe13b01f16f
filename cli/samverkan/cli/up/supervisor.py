"""Starts the plan's processes, watches them, restarts what ends, ends them in order."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil

from samverkan.cli.up import run as runs
from samverkan.cli.up.forks import Forks
from samverkan.cli.up.health import is_ready
from samverkan.cli.up.plan import FIRST_PORT, Plan, ServiceProcess
from samverkan.cli.up.run import Pid, Run, RunningService
from samverkan.cli.up.say import progress, say
from samverkan.deploy.embedded.kafka import EmbeddedKafka
from samverkan.deploy.embedded.ports import HOST, free_ports, is_free
from samverkan.deploy.embedded.postgres import EmbeddedPostgres
from samverkan.deploy.embedded.process import wait_gone
from samverkan.deploy.errors import StartFailed
from samverkan.deploy.migrate import migrate
from samverkan.deploy.topics import ensure_topics

# Imported once and forked nine times.
PRELOAD = ("uvloop", "uvicorn", "fastapi", "faststream.kafka", "aiokafka", "asyncpg", "orjson", "structlog")

_MAIL = "mail"
_READY_SECONDS = 120.0  # 2 s on an idle machine; nine starts at once on a laden one were seen to take 40
_DRAIN_SECONDS = 15.0  # more than a service's own drain_seconds, after which it must have ended by itself
_POLL_SECONDS = 0.05
_STARTS_BEFORE_GIVING_UP = 3  # while nothing is ready yet; afterwards a service is restarted for ever
_STEADY_SECONDS = 10.0
_BACKOFF_CAP_SECONDS = 10.0


@dataclass
class _Child:
    """A forked process and what is needed to start it again."""

    name: str
    module: str
    env: dict[str, str]
    log: Path
    pid: int | None = None
    started_at: float = 0.0
    failures: int = 0
    start_at: float | None = None  # when the next start is due; None while it runs or is on its way


@dataclass
class Supervisor:
    """Everything below one `up`. Main thread only."""

    plan: Plan
    folder: Path
    log_format: str = "json"
    run: Run = field(init=False)
    _postgres: EmbeddedPostgres = field(init=False)
    _kafka: EmbeddedKafka = field(init=False)
    _forks: Forks | None = field(default=None, init=False)
    _children: dict[str, _Child] = field(default_factory=dict, init=False)
    _bootstrap: str = field(default="", init=False)

    def __post_init__(self) -> None:
        data = self.folder / "data"
        self.run = Run(Pid.of(os.getpid()), str(data))
        self._postgres = EmbeddedPostgres(data / "postgres")
        self._kafka = EmbeddedKafka(data / "kafka")

    def start(self) -> Run:
        """Start everything; returns when each service says that it is ready.

        StartFailed, MigrationFailed, TopicsDiffer, BrokenSetUp: told as they are; call `stop` also then.
        """
        (self.folder / "logs").mkdir(parents=True, exist_ok=True)
        self._save()
        self._postgres.launch()
        self._start_forks()  # imports while broker and database start
        self._kafka.launch()
        self._note("postgres", self._postgres.pid)
        self._note("kafka", self._kafka.pid)
        self._postgres.wait_ready()
        dsns = self._prepare_databases()
        progress("PostgreSQL is up, databases are migrated")
        self._kafka.wait_ready()
        self._bootstrap = self._kafka.bootstrap
        self._note("kafka", self._kafka.pid)
        asyncio.run(ensure_topics(self._bootstrap, self.plan.topics))
        progress("Kafka is up, topics are there")
        self._start_children(dsns)
        self._wait_ready()
        self.run = replace(self.run, ready=True)
        self._save()
        return self.run

    def supervise(self, until: Callable[[], bool] = lambda: False) -> None:
        """Restart whatever ends and say so, until told otherwise."""
        while not until():
            self._watch()

    def stop(self) -> None:
        """End services, then Kafka, then PostgreSQL. A second Ctrl-C during it ends all at once."""
        try:
            self._stop_children()
            self._kafka.stop()
            self._postgres.stop()
        except KeyboardInterrupt:
            end_leftovers(self.run)
        runs.forget(self.folder)

    def _prepare_databases(self) -> dict[str, str]:
        def prepare(service: ServiceProcess) -> str:
            dsn = self._postgres.create_database(service.database)
            migrate(dsn, *service.migrations)
            return dsn

        with ThreadPoolExecutor(4) as pool:
            return dict(zip((s.name for s in self.plan.services), pool.map(prepare, self.plan.services), strict=True))

    def _start_forks(self) -> None:
        modules = dict.fromkeys(service.module for service in self.plan.services)
        self._forks = Forks(self.folder / "logs" / "forks.log", [*PRELOAD, *modules])
        self._note("forks", self._forks.pid)

    def _start_children(self, dsns: Mapping[str, str]) -> None:
        smtp_port, *http_ports = _ports(1 + len(self.plan.services))
        mails = self.folder / "data" / "mail"
        smtp = {"SAMVERKAN_SMTP_HOST": HOST, "SAMVERKAN_SMTP_PORT": str(smtp_port)}
        self._add(_MAIL, "samverkan.cli.up.mail_sink", smtp | {"SAMVERKAN_MAIL_FOLDER": str(mails)})
        self.run = replace(self.run, bootstrap=self._bootstrap, smtp_host=HOST, smtp_port=smtp_port, mails=str(mails))
        for service, port in zip(self.plan.services, http_ports, strict=True):
            env = {
                "SAMVERKAN_DATABASE_URL": dsns[service.name],
                "SAMVERKAN_KAFKA_BOOTSTRAP": self._bootstrap,
                "SAMVERKAN_HTTP_HOST": HOST,
                "SAMVERKAN_HTTP_PORT": str(port),
                "SAMVERKAN_LOG_FORMAT": self.log_format,
                "SAMVERKAN_CONSUMER_INSTANCE": "up",  # one process of each here: a restarted one goes on at once
            }
            child = self._add(service.name, service.module, env | smtp | dict(service.env))
            running = RunningService(
                service.name, f"http://{HOST}:{port}", dsns[service.name], str(child.log), Pid(0, 0.0)
            )
            self.run = replace(self.run, services=self.run.services | {service.name: running})
        for child in self._children.values():
            self._fork(child)

    def _add(self, name: str, module: str, env: Mapping[str, str]) -> _Child:
        child = _Child(name, module, {**os.environ, **env}, self.folder / "logs" / f"{name}.log")
        self._children[name] = child
        return child

    def _fork(self, child: _Child) -> None:
        assert self._forks is not None
        child.start_at = None
        child.pid = None
        self._forks.start(child.name, child.module, child.env, child.log)

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        unready = set(self.run.services)
        with ThreadPoolExecutor(len(unready)) as pool:
            while unready:
                self._watch()
                names = sorted(unready)
                answers = pool.map(lambda name: is_ready(self.run.services[name].url), names)
                unready -= {name for name, ready in zip(names, answers, strict=True) if ready}
                for name in unready:
                    if self._children[name].failures >= _STARTS_BEFORE_GIVING_UP:
                        raise StartFailed(f"{name} does not start{_last_words(self._children[name].log)}")
                if unready and time.monotonic() > deadline:
                    waiting = ", ".join(sorted(unready))
                    raise StartFailed(
                        f"Not ready after {_READY_SECONDS:.0f} s: {waiting} (logs in {self.folder}/logs)."
                    )

    def _watch(self) -> None:
        """One look at everything below; waits a moment if there is nothing to see."""
        assert self._forks is not None
        for message in self._forks.messages(_POLL_SECONDS):
            self._heed(message)
        if (code := self._forks.ended()) is not None:
            say(f"the forking process ended ({ending(code)}), restarted with every service")
            self._start_forks()
            for child in self._children.values():
                self._fork(child)
            time.sleep(_POLL_SECONDS)
        if (code := self._postgres.ended()) is not None:
            say(f"PostgreSQL ended ({ending(code)}), restarted")
            self._postgres.launch()
            self._postgres.wait_ready()
            self._note("postgres", self._postgres.pid)
        if (code := self._kafka.ended()) is not None:
            say(f"Kafka ended ({ending(code)}), restarted")
            self._kafka.launch()
            if self._kafka.bootstrap != self._bootstrap:
                raise StartFailed(f"Kafka's port {self._bootstrap} was taken by another program meanwhile.")
            self._note("kafka", self._kafka.pid)
        now = time.monotonic()
        for child in self._children.values():
            if child.start_at is not None and child.start_at <= now:
                self._fork(child)

    def _heed(self, message: dict[str, Any]) -> None:
        if "started" in message:
            child = self._children[message["started"]]
            child.pid = message["pid"]
            child.started_at = time.monotonic()
            self._note(child.name, message["pid"])
            return
        child = self._children[message["ended"]]
        if child.pid != message["pid"]:
            return
        child.pid = None
        steady = time.monotonic() - child.started_at > _STEADY_SECONDS
        killed = message["code"] == -signal.SIGKILL
        # Killed from outside is not its own fault: it starts again at once, however often.
        child.failures = 0 if steady or killed else child.failures + 1
        pause = 0.0 if child.failures <= 1 else min(0.25 * 2**child.failures, _BACKOFF_CAP_SECONDS)
        child.start_at = time.monotonic() + pause
        later = f" in {pause:.0f} s, see {child.log}" if pause else ""
        say(f"{child.name} ended ({ending(message['code'])}), restarted{later}")

    def _stop_children(self) -> None:
        if self._forks is None:
            return
        for child in self._children.values():
            if child.pid is not None and child.name != _MAIL:
                _signal(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + _DRAIN_SECONDS
        while self._running_services() and time.monotonic() < deadline and self._forks.ended() is None:
            for message in self._forks.messages(_POLL_SECONDS):
                ended = self._children.get(message.get("ended", ""))
                if ended is not None and ended.pid == message["pid"]:
                    ended.pid = None
        for child in self._running_services():
            say(f"{child.name} did not end within {_DRAIN_SECONDS:.0f} s and was killed")
        self._forks.stop()

    def _running_services(self) -> list[_Child]:
        return [child for child in self._children.values() if child.pid is not None and child.name != _MAIL]

    def _note(self, name: str, pid: int) -> None:
        self.run = runs.with_process(self.run, name, pid)
        self._save()

    def _save(self) -> None:
        runs.save(self.run, self.folder)


def end_leftovers(run: Run) -> int:
    """kill -9 whatever of an earlier run still lives; returns how many that were."""
    found = [process for pid in run.all_processes().values() if (process := pid.find()) is not None]
    below = [child for process in found for child in process.children(recursive=True)]
    for process in [*found, *below]:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            pass  # gone by itself
    wait_gone([*found, *below], 10.0)
    return len(found)


def ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _ports(count: int) -> list[int]:
    wanted = [port for port in range(FIRST_PORT - 1, FIRST_PORT - 1 + count) if is_free(port)]
    return [*wanted, *free_ports(count - len(wanted))]


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass  # it has just ended


def _last_words(log: Path) -> str:
    try:
        lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    except FileNotFoundError:
        lines = []
    return f" (see {log})" + "".join(f"\n    {line[:300]}" for line in lines[-5:])
