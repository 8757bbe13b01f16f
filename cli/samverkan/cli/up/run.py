"""What runs now: `run.json`, written by `up`, read by every other command."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import psutil

from samverkan.deploy.home import home


class NothingRuns(Exception):
    """No system runs on this data folder. Told to the user as it is."""


class AlreadyRuns(Exception):
    """Another `up` holds this folder. `run` is None while that one is still starting."""

    def __init__(self, run: "Run | None") -> None:
        super().__init__("samverkan already runs")
        self.run = run


@dataclass(frozen=True)
class Pid:
    """A process, not merely its number: numbers are given anew."""

    pid: int
    created: float

    @classmethod
    def of(cls, pid: int) -> Self:
        """The process with that number now. If it is gone already, one that will never be found alive."""
        try:
            return cls(pid, psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return cls(pid, 0.0)

    def find(self) -> psutil.Process | None:
        """The process if it still lives."""
        try:
            process = psutil.Process(self.pid)
            alive = abs(process.create_time() - self.created) < 0.01 and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return None
        return process if alive else None


@dataclass(frozen=True)
class RunningService:
    name: str
    url: str
    dsn: str
    log: str
    process: Pid


@dataclass(frozen=True)
class Run:
    """One running system. `services` are keyed by receiver name: intake, …, agency.kommun."""

    supervisor: Pid
    data: str
    bootstrap: str = ""
    smtp_host: str = ""
    smtp_port: int = 0
    mails: str = ""
    ready: bool = False
    services: dict[str, RunningService] = field(default_factory=dict)
    helpers: dict[str, Pid] = field(default_factory=dict)  # postgres, kafka, mail, forks
    restarts: dict[str, int] = field(default_factory=dict)  # of what was restarted at all

    def service(self, name: str) -> RunningService:
        """KeyError names a service that does not exist."""
        return self.services[name]

    def all_processes(self) -> dict[str, Pid]:
        """Everything below the supervisor."""
        return {name: service.process for name, service in self.services.items()} | self.helpers


def folder() -> Path:
    """Where `up` keeps its data, logs and run.json; SAMVERKAN_UP_FOLDER for a system beside the usual one."""
    return Path(os.environ.get("SAMVERKAN_UP_FOLDER") or home() / "up").resolve()


def folder_of(run: Run) -> Path:
    """The folder that the system runs on."""
    return Path(run.data).parent


def clock_file(where: Path) -> Path:
    """What sets the time of the whole system on this folder; see `samverkan clock`."""
    return where / "clock"


def load(where: Path | None = None) -> Run:
    """The system that runs on this folder. NothingRuns: none does, or it has ended without clearing up."""
    run = _read(where or folder())
    if run is None or run.supervisor.find() is None:
        raise NothingRuns("Nothing runs: start it with ./samverkan up.")
    return run


def leftover(where: Path) -> Run | None:
    """What a crashed `up` wrote last. Ask only while holding the folder."""
    return _read(where)


def save(run: Run, where: Path) -> None:
    half = where / "run.json.new"
    half.write_text(json.dumps(asdict(run), indent=2) + "\n")
    half.chmod(0o600)
    half.replace(where / "run.json")


def forget(where: Path) -> None:
    (where / "run.json").unlink(missing_ok=True)


def with_process(run: Run, name: str, pid: int) -> Run:
    """The same run after `name` was started anew."""
    process = Pid.of(pid)
    known = run.all_processes().get(name)
    if known is not None and known.pid not in (0, pid):
        run = replace(run, restarts=run.restarts | {name: run.restarts.get(name, 0) + 1})
    if name in run.services:
        return replace(run, services=run.services | {name: replace(run.services[name], process=process)})
    return replace(run, helpers=run.helpers | {name: process})


@contextmanager
def holding(where: Path) -> Iterator[None]:
    """Be the only one on this folder. The kernel lets go when this process ends, however it ends.

    AlreadyRuns: somebody else is.
    """
    where.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(where / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRuns(_read(where)) from None
        yield
    finally:
        os.close(descriptor)


def _read(where: Path) -> Run | None:
    try:
        found: dict[str, Any] = json.loads((where / "run.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    services = {
        name: RunningService(**{**service, "process": Pid(**service["process"])})
        for name, service in found.pop("services").items()
    }
    helpers = {name: Pid(**process) for name, process in found.pop("helpers").items()}
    return Run(**{**found, "supervisor": Pid(**found["supervisor"]), "services": services, "helpers": helpers})
