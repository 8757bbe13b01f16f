"""The runbooks of restored services, recreated topics and a new database cluster, executed as they stand."""

import asyncio
import os
import re
import shlex
import subprocess
import time
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner

from samverkan.backbone.recovery.comparing import Difference
from samverkan.cli.command import app
from samverkan.cli.play import play_story
from samverkan.cli.system import System
from samverkan.deploy.embedded.postgres import BINARIES, SUPERUSER
from samverkan.deploy.exits import OK

ROOT = Path(__file__).parents[2]
RUNBOOKS = ROOT / "docs" / "runbooks"
STORY = ROOT / "tests" / "traffic.yaml"
SECONDS = 120.0


@pytest.fixture(scope="module")
def system(system: System) -> System:
    """It has seen a case; its databases are dropped and its topics deleted."""
    assert play_story(STORY, system.run) == OK
    return system


def blocks(runbook: str) -> list[str]:
    """What is to be done, in order: lines of the console, and `up: stop`, `up: start`."""
    text = (RUNBOOKS / runbook).read_text("utf-8")
    found = re.findall(r"^\$ (.+)$|^<!-- (up: \w+) -->$", text, re.MULTILINE)
    return [command or marker for command, marker in found]


def execute(system: System, command: str, folder: Path) -> str:
    """Do it as an operator's shell would; the output. Fails with it when the command does.

    Our own commands run in this process: starting Python for each costs more than most of them take.
    """
    if command == "up: stop":
        system.stop()
        return ""
    if command == "up: start":
        system.start()
        return ""
    ours = re.fullmatch(r"(until )?\./samverkan (.+?)(; do sleep 1; done)?( \|\| true)?", command)
    if ours is None:
        return in_a_shell(system, command, folder)
    until, arguments, _, whatever = ours.groups()
    deadline = time.monotonic() + SECONDS
    while True:
        done = CliRunner().invoke(app, shlex.split(arguments), env={"SAMVERKAN_UP_FOLDER": str(system.folder)})
        if done.exit_code == OK or whatever:
            return done.output
        assert until and time.monotonic() < deadline, f"{command}\n{done.output}\n{done.exception}"
        time.sleep(0.5)


def in_a_shell(system: System, command: str, folder: Path) -> str:
    """PostgreSQL's own tools, and mv."""
    environment = os.environ | {
        "PATH": f"{BINARIES}:{os.environ['PATH']}",
        "PGUSER": SUPERUSER,
        "SAMVERKAN_UP_FOLDER": str(system.folder),
    }
    if (system.folder / "run.json").exists():
        environment["PGHOST"] = system.run.service("intake").dsn.rpartition("host=")[2]
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def lengths(system: System) -> dict[str, int]:
    """How long the log of each service is."""

    async def ask(dsn: str) -> int:
        connection = await asyncpg.connect(dsn)
        try:
            return int(await connection.fetchval("select count(*) from log"))
        finally:
            await connection.close()

    names = ("intake", "placement", "funding", "notify")
    return {name: asyncio.run(ask(system.run.service(name).dsn)) for name in names}


def test_a_restored_service_takes_its_events_back(system: System, tmp_path: Path) -> None:
    backup, *steps = blocks("service-restored.md")
    execute(system, backup, tmp_path)
    assert play_story(STORY, system.run) == OK  # what the backup does not have
    before = lengths(system)
    said = [execute(system, step, tmp_path) for step in steps]
    assert lengths(system) == before
    assert "samverkan.participant" in said[-2] and "equal" in said[-2]
    assert said[-1].count(": equal") == 5


def test_a_recreated_topic_is_filled_and_its_readers_go_on(system: System, tmp_path: Path) -> None:
    said = [execute(system, step, tmp_path) for step in blocks("topic-recreated.md")]
    assert "holds the whole log already" in said[0]
    assert "is created anew" in said[1]
    assert said[2].count("reads it from its beginning") == 8
    assert "equal" in said[4]
    assert said[5].count(": equal") == 5
    again = execute(system, "./samverkan topics accept-recreated samverkan.participant", tmp_path)
    assert again.count("reads this topic already") == 8
    assert play_story(STORY, system.run) == OK


def test_all_stores_move_into_a_new_cluster(system: System, tmp_path: Path) -> None:
    first, *steps = blocks("new-database-cluster.md")
    execute(system, first, tmp_path)
    assert play_story(STORY, system.run) == OK
    before = lengths(system)
    said = [execute(system, step, tmp_path) for step in steps]
    assert lengths(system) == before
    assert said[-2].count(": equal") == 4
    assert said[-1].count(": equal") == 5
    assert play_story(STORY, system.run) == OK


def test_every_difference_that_can_be_found_stands_in_its_runbook() -> None:
    text = (RUNBOOKS / "log-differs.md").read_text("utf-8")
    documented = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", (Difference.__doc__ or "").replace("\n", " ")))
    assert len(documented) >= 12
    assert {code for code in documented if f"`{code}`" not in text} == set()


def test_what_is_to_be_asked_when_log_and_topic_differ_is_answered(system: System, tmp_path: Path) -> None:
    for step in blocks("log-differs.md"):
        execute(system, step, tmp_path)
