"""On what the figures were measured: without it they mean nothing."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import psutil

from samverkan.deploy.embedded.postgres import BINARIES
from samverkan.deploy.home import checkout

_LIBRARIES: Final = ("aiokafka", "asyncpg", "faststream", "pydantic", "uvloop")


def describe(command: str, folder: Path) -> dict[str, str]:
    """Machine, versions, revision and moment, for people and for later comparison."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "command": command,
        "revision": _revision(),
        "processor": f"{_processor()}, {psutil.cpu_count()} cores",
        "cores": str(psutil.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}, {_file_system(folder)}",
        "python": platform.python_version(),
        "libraries": ", ".join(f"{name} {version(name)}" for name in _LIBRARIES),
        "postgres": f"{_output(str(BINARIES / 'postgres'), '--version')}; fsync on, embedded",
        "kafka": "one embedded broker, acks=all, idempotent; flushed by the system as Kafka does it",
        "load_before": f"{load():.2f}",
    }


def load() -> float:
    """The load of the last minute: above the number of cores, others were at work and the figures are too low."""
    return os.getloadavg()[0]


def _revision() -> str:
    revision = _output("git", "-C", str(checkout()), "rev-parse", "--short=12", "HEAD")
    changed = _output("git", "-C", str(checkout()), "status", "--porcelain", "--untracked-files=no")
    return (revision or "unknown") + (" with changes" if changed else "")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _file_system(folder: Path) -> str:
    below = [part for part in psutil.disk_partitions(all=True) if folder.is_relative_to(part.mountpoint)]
    return max(below, key=lambda part: len(part.mountpoint)).fstype if below else "unknown file system"


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:
        return ""
