"""A service or agency as a real process of its own, started from nothing: its module and its environment."""

import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import perf_counter
from typing import Final

import psutil

from samverkan.cli.bench.place import Place
from samverkan.cli.up.health import is_ready
from samverkan.cli.up.plan import ServiceProcess, ensure_key, whole_system
from samverkan.deploy.embedded.ports import HOST, free_ports
from samverkan.deploy.embedded.process import Process

_READY_SECONDS: Final = 60.0
_DRAIN_SECONDS: Final = 15.0
_MIB: Final = 2**20
_START: Final = "import importlib, sys; importlib.import_module(sys.argv[1]).main()"


@dataclass(frozen=True)
class Running:
    """A running service. Seconds from its start to the first answer, and to being ready."""

    name: str
    port: int
    pid: int
    live_seconds: float
    ready_seconds: float

    def cpu_seconds(self) -> float:
        """CPU that it has used so far."""
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)

    def memory_mib(self) -> float:
        """What it holds, of what it shares its share."""
        return float(psutil.Process(self.pid).memory_full_info().pss / _MIB)


def services(place: Place) -> Mapping[str, ServiceProcess]:
    """All of the system by name, each with its environment but for address and database."""
    key = Path(place.folder) / "blind-index.key"
    ensure_key(key)
    return {service.name: service for service in whole_system(key).services}


@contextmanager
def running(place: Place, service: ServiceProcess, database: str) -> Iterator[Running]:
    """Start it on a database that exists; drained when left. StartFailed: it did not become ready."""
    with all_running(place, [(service, database)]) as (one,):
        yield one


@contextmanager
def all_running(place: Place, wanted: Sequence[tuple[ServiceProcess, str]]) -> Iterator[list[Running]]:
    """Start several at once, each on its database; they share the machine while they do."""
    ports = free_ports(len(wanted))
    began = perf_counter()
    processes = [
        _start(place, service, database, port) for (service, database), port in zip(wanted, ports, strict=True)
    ]
    try:
        yield [_when_ready(process, port, began) for process, port in zip(processes, ports, strict=True)]
    finally:
        for process in processes:
            process.stop(signal.SIGTERM, _DRAIN_SECONDS)


def _start(place: Place, service: ServiceProcess, database: str, port: int) -> Process:
    env = {
        **os.environ,
        **service.env,
        "SAMVERKAN_DATABASE_URL": place.dsn(database),
        "SAMVERKAN_KAFKA_BOOTSTRAP": place.bootstrap,
        "SAMVERKAN_HTTP_HOST": HOST,
        "SAMVERKAN_HTTP_PORT": str(port),
        # Nobody listens: mail is not measured, and its worker waits.
        "SAMVERKAN_SMTP_HOST": HOST,
        "SAMVERKAN_SMTP_PORT": "1",
    }
    program = [sys.executable, "-P", "-c", _START, service.module, service.name]
    return Process(service.name, program, log=Path(place.folder) / f"{service.name}.log", env=env)


def _when_ready(process: Process, port: int, began: float) -> Running:
    process.wait_until(lambda: _is_live(port), _READY_SECONDS)
    live = perf_counter() - began
    process.wait_until(lambda: is_ready(f"http://{HOST}:{port}"), _READY_SECONDS)
    return Running(process.name, port, process.pid, live, perf_counter() - began)


def _is_live(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
