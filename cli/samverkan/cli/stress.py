"""`samverkan test --stress N`: the invariant suite N times, each round with other random numbers, and a summary."""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from samverkan.cli.up.say import say
from samverkan.deploy.exits import DIFFERENT, INTERRUPTED, OK
from samverkan.deploy.home import checkout, home

SUITE = "tests/invariants"
_SHOWN = 10  # of the slowest tests
_NO_TESTS = 5  # pytest's exit code for: nothing was collected
_REPORT = ("-o", "junit_family=xunit1")  # the only form that takes what planted bugs tell


@dataclass
class History:
    """What became of one test, round by round."""

    seconds: list[float] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)


def stress(rounds: int, first_seed: int, arguments: Sequence[str]) -> int:
    """Run the suite `rounds` times, one after the other; 0 only if no test failed in any of them. Ctrl-C ends it with a
    summary of the rounds that are done.

    The first round draws from `first_seed`, the next from the number after it. `arguments` go to pytest: a file or `-k`
    narrows the suite. SAMVERKAN_STRESS makes each round longer.
    """
    tests: dict[str, History] = {}
    broken: list[int] = []
    otherwise = OK
    began = time.monotonic()
    for number, seed in enumerate(range(first_seed, first_seed + rounds), 1):
        started = time.monotonic()
        try:
            code, cases = _round(seed, arguments)
        except KeyboardInterrupt:
            rounds, otherwise = number - 1, INTERRUPTED
            break
        for name, seconds, message in cases:
            history = tests.setdefault(name, History())
            history.seconds.append(seconds)
            if message is not None:
                history.failed[seed] = message
        failures = sum(seed in history.failed for history in tests.values())
        if not cases or (code != OK and not failures):
            broken.append(seed)
        taken = time.monotonic() - started
        say(f"round {number} of {rounds}, seed {seed}: {len(cases)} tests, {failures} failed, {taken:.0f} s")
    _summary(tests, rounds, broken, time.monotonic() - began)
    return DIFFERENT if broken or any(history.failed for history in tests.values()) else otherwise


def _round(seed: int, arguments: Sequence[str]) -> tuple[int, list[tuple[str, float, str | None]]]:
    """One run of the suite: pytest's exit code, and for each test its seconds and what it failed with."""
    with tempfile.TemporaryDirectory(prefix="samverkan-stress-") as folder:
        report = Path(folder) / "report.xml"
        chosen = [] if any(argument.startswith("tests/") for argument in arguments) else [SUITE]
        done = subprocess.run(
            [
                sys.executable,
                "-P",
                "-m",
                "pytest",
                *chosen,
                "-q",
                "--tb=short",
                f"--junitxml={report}",
                *_REPORT,
                *arguments,
            ],
            cwd=checkout(),
            env={**os.environ, "SAMVERKAN_SEED": str(seed)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        cases = _cases(report) if report.exists() else []
    if done.returncode == _NO_TESTS:
        say("no test was chosen")
    elif done.returncode != OK:
        output = home() / "stress" / f"{seed}.txt"
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(done.stdout)
        say(f"{done.stdout[-2000:]}\nall that it said: {output}")
    return done.returncode, cases


def _cases(report: Path) -> list[tuple[str, float, str | None]]:
    cases = []
    for case in ET.parse(report).getroot().iter("testcase"):
        if case.find("skipped") is not None:
            continue
        place = case.get("classname", "").removeprefix(f"{SUITE.replace('/', '.')}.")
        wrong = case.find("failure") if case.find("failure") is not None else case.find("error")
        message = None if wrong is None else (wrong.get("message") or "").partition("\n")[0]
        cases.append((f"{place}.{case.get('name', '')}", float(case.get("time", "0")), message))
    return cases


def _summary(tests: dict[str, History], rounds: int, broken: Sequence[int], seconds: float) -> None:
    runs = sum(len(history.seconds) for history in tests.values())
    failures = sum(len(history.failed) for history in tests.values())
    say(f"\n{rounds} rounds, {len(tests)} tests, {runs} runs, {failures} failed, {seconds / 60:.1f} minutes")
    for seed in broken:
        say(f"the round with --seed {seed} ended before its tests did: see above")
    for name, history in tests.items():
        if history.failed:
            say(f"FAILED  {len(history.failed)} of {len(history.seconds)}: {name}")
            for seed, message in history.failed.items():
                say(f"        --seed {seed}: {message[:200]}")
    say("slowest, their longest and their mean:")
    for name, history in sorted(tests.items(), key=lambda item: -max(item[1].seconds))[:_SHOWN]:
        mean = sum(history.seconds) / len(history.seconds)
        say(f"  {max(history.seconds):6.1f} s  {mean:6.1f} s  {name}")
