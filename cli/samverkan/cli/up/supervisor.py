"""Starts the plan's processes, watches them, restarts what ends, ends them in order."""

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TypeVar

import psutil

from samverkan.cli.up import run as runs
from samverkan.cli.up.children import Child, Children
from samverkan.cli.up.ground import Ground, LocalGround
from samverkan.cli.up.health import is_ready
from samverkan.cli.up.plan import FIRST_PORT, Plan, ServiceProcess
from samverkan.cli.up.run import Pid, Run, RunningService
from samverkan.cli.up.say import progress, say
from samverkan.deploy.embedded.ports import HOST, free_ports, is_free
from samverkan.deploy.embedded.process import wait_gone
from samverkan.deploy.errors import StartFailed
from samverkan.deploy.migrate import migrate
from samverkan.deploy.topics import ensure_topics

T = TypeVar("T")

# Imported once and forked nine times.
PRELOAD = ("uvloop", "uvicorn", "fastapi", "faststream.kafka", "aiokafka", "asyncpg", "orjson", "structlog")

_MAIL = "mail"
_READY_SECONDS = 120.0  # 2 s on an idle machine; nine starts at once on a laden one were seen to take 40
_DRAIN_SECONDS = 15.0  # more than a service's own drain_seconds, after which it must have ended by itself
_STARTS_BEFORE_GIVING_UP = 3  # while nothing is ready yet; afterwards a service is restarted for ever


def usual_ports(count: int) -> list[int]:
    """The same from start to start, where nobody else has them."""
    wanted = [port for port in range(FIRST_PORT - 1, FIRST_PORT - 1 + count) if is_free(port)]
    return [*wanted, *free_ports(count - len(wanted))]


@dataclass
class Supervisor:
    """Everything below one `up`. Main thread only, but for `ask`. `ground`: one broker and one database by default."""

    plan: Plan
    folder: Path
    log_format: str = "json"
    ground: Ground | None = None
    tell: Callable[[str], None] = say
    ports: Callable[[int], list[int]] = usual_ports
    run: Run = field(init=False)
    _children: Children | None = field(default=None, init=False)
    _asked: SimpleQueue[Callable[[], None]] = field(default_factory=SimpleQueue, init=False)

    def __post_init__(self) -> None:
        data = self.folder / "data"
        self.run = Run(Pid.of(os.getpid()), str(data))
        self._ground: Ground = self.ground or LocalGround(data)

    def start(self) -> Run:
        """Start everything; returns when each service says that it is ready.

        StartFailed, MigrationFailed, TopicsDiffer, BrokenSetUp: told as they are; call `stop` also then.
        """
        (self.folder / "logs").mkdir(parents=True, exist_ok=True)
        self._save()
        self._ground.launch_databases()
        modules = dict.fromkeys(service.module for service in self.plan.services)
        # Imports while broker and database start.
        self._children = Children(self.folder / "logs", [*PRELOAD, *modules], self._note, self.tell)
        self._ground.launch_brokers()
        self._note_ground()
        self._ground.wait_databases()
        dsns = self._prepare_databases()
        progress("PostgreSQL is up, databases are migrated")
        self._ground.wait_brokers()
        self._note_ground()
        asyncio.run(ensure_topics(self._ground.bootstrap, self.plan.topics, copies=self._ground.copies))
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
            if self._children is not None:
                self._children.stop(_DRAIN_SECONDS)
            self._ground.stop()
        except KeyboardInterrupt:
            end_leftovers(self.run)
        runs.forget(self.folder)

    def ask(self, action: Callable[[Children], T]) -> Future[T]:
        """Do this to the services at the next look of `supervise`. From any thread; what it raises is in the future.

        Nothing is done for whoever has given up by then.
        """
        answer: Future[T] = Future()

        def act() -> None:
            assert self._children is not None
            if not answer.set_running_or_notify_cancel():
                return
            try:
                answer.set_result(action(self._children))
            except Exception as error:  # noqa: BLE001 - told to whoever asked
                answer.set_exception(error)

        self._asked.put(act)
        return answer

    def child(self, service: ServiceProcess, dsn: str, port: int, *, instance: str) -> Child:
        """A process of this service as it must be started; `instance` tells it from its replicas."""
        env = {
            "SAMVERKAN_HTTP_HOST": HOST,
            "SAMVERKAN_HTTP_PORT": str(port),
            "SAMVERKAN_LOG_FORMAT": self.log_format,
            "SAMVERKAN_CONSUMER_INSTANCE": instance,  # a restarted process goes on at once
            "SAMVERKAN_SMTP_HOST": self.run.smtp_host,
            "SAMVERKAN_SMTP_PORT": str(self.run.smtp_port),
        }
        env |= {**self._ground.settings(service, dsn), **service.env}
        return self._child(service.name, service.module, env)

    def _prepare_databases(self) -> dict[str, str]:
        def prepare(service: ServiceProcess) -> str:
            dsn = self._ground.create_database(service)
            migrate(dsn, *service.migrations)
            return dsn

        with ThreadPoolExecutor(4) as pool:
            return dict(zip((s.name for s in self.plan.services), pool.map(prepare, self.plan.services), strict=True))

    def _start_children(self, dsns: Mapping[str, str]) -> None:
        assert self._children is not None
        smtp_port, *http_ports = self.ports(1 + len(self.plan.services))
        mails = self.folder / "data" / "mail"
        self.run = replace(
            self.run, bootstrap=self._ground.bootstrap, smtp_host=HOST, smtp_port=smtp_port, mails=str(mails)
        )
        smtp = {"SAMVERKAN_SMTP_HOST": HOST, "SAMVERKAN_SMTP_PORT": str(smtp_port), "SAMVERKAN_MAIL_FOLDER": str(mails)}
        children = [self._child(_MAIL, "samverkan.cli.up.mail_sink", smtp)]
        children[0].draining = False
        for service, port in zip(self.plan.services, http_ports, strict=True):
            # One process of each here, so one instance name for all.
            child = self.child(service, dsns[service.name], port, instance="up")
            running = RunningService(
                service.name, f"http://{HOST}:{port}", dsns[service.name], str(child.log), Pid(0, 0.0)
            )
            self.run = replace(self.run, services=self.run.services | {service.name: running})
            children.append(child)
        for child in children:
            self._children.add(child)

    def _child(self, name: str, module: str, env: Mapping[str, str]) -> Child:
        return Child(name, module, {**os.environ, **env}, self.folder / "logs" / f"{name}.log")

    def _wait_ready(self) -> None:
        assert self._children is not None
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
                        raise StartFailed(f"{name} does not start{self._children[name].last_words()}")
                if unready and time.monotonic() > deadline:
                    waiting = ", ".join(sorted(unready))
                    raise StartFailed(
                        f"Not ready after {_READY_SECONDS:.0f} s: {waiting} (logs in {self.folder}/logs)."
                    )

    def _watch(self) -> None:
        """One look at everything below; waits a moment if there is nothing to see."""
        assert self._children is not None
        self._children.watch()
        for sentence in self._ground.watch():
            self.tell(sentence)
            self._note_ground()
        try:
            while True:
                self._asked.get_nowait()()
        except Empty:
            pass

    def _note(self, name: str, pid: int) -> None:
        self.run = runs.with_process(self.run, name, pid)
        self._save()

    def _note_ground(self) -> None:
        for name, pid in self._ground.processes().items():
            known = self.run.helpers.get(name)
            if known is None or known.pid != pid:
                self._note(name, pid)

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
