"""`samverkan check`: what can be said about the code without running it. Changes nothing."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from samverkan.cli.up.say import say
from samverkan.deploy.exits import DIFFERENT, OK
from samverkan.deploy.home import checkout, home

_BIN = Path(sys.prefix) / "bin"
_SHARED = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
_SOURCES = ("schemas", "backbone", "services", "cli", "deploy", "tests")


@dataclass(frozen=True)
class Check:
    title: str
    command: tuple[str, ...]
    repair: str


@dataclass(frozen=True)
class Result:
    check: Check
    passed: bool
    output: str
    seconds: float


CHECKS = (
    Check("format", (str(_BIN / "ruff"), "format", "--check", "."), ".venv/bin/ruff format ."),
    Check("lint", (str(_BIN / "ruff"), "check", "."), ".venv/bin/ruff check --fix ."),
    Check("types", (str(_BIN / "mypy"), "--no-error-summary", *_SOURCES), ""),
    Check("imports", (str(_BIN / "lint-imports"), "--no-logo"), ""),
    Check(
        "contracts",
        (sys.executable, "-P", "-m", "samverkan.schemas.generate", "--check"),
        ".venv/bin/python -m samverkan.schemas.generate",
    ),
)


def check() -> int:
    """Run all checks, a line for each and the output of those that fail; 0 only if all pass."""
    with ThreadPoolExecutor(2) as pool:
        results = [_report(result) for result in pool.map(_run, CHECKS)]
    return OK if all(result.passed for result in results) else DIFFERENT


def _run(check: Check) -> Result:
    started = time.monotonic()
    env = {
        **os.environ,
        "MYPY_CACHE_DIR": str(home() / "cache" / "mypy"),
        "RUFF_CACHE_DIR": str(home() / "cache" / "ruff"),
    }
    done = subprocess.run(
        check.command, cwd=checkout(), env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return Result(check, done.returncode == 0, done.stdout, time.monotonic() - started)


def _report(result: Result) -> Result:
    taken = f"({result.seconds:.1f} s)"
    if result.passed:
        say(f"ok      {result.check.title} {taken}")
    else:
        repair = f"; repair: {result.check.repair}" if result.check.repair else ""
        say(f"FAILED  {result.check.title} {taken}{repair}")
        say("".join(f"        {line}\n" for line in result.output.splitlines()).rstrip())
    return result


def test(arguments: Sequence[str]) -> int:
    """Become pytest, so that its exit code, its colours and Ctrl-C are ours.

    In two processes, file by file, each with a broker and a database server of its own. Files come in the order in
    which they were collected, which puts short ones last: else one process would end minutes before the other.
    `-n 0` takes all in one.
    """
    os.chdir(checkout())
    shared = [] if any(argument.startswith(("-n", "--numprocesses")) for argument in arguments) else _SHARED
    os.execv(sys.executable, [sys.executable, "-P", "-m", "pytest", *shared, *arguments])
