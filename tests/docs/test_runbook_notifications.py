"""The runbook on messages that do not leave, carried out: on a running system whose mail server hangs."""

import asyncio
import os
import re
import shlex
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from samverkan.cli.command import app
from samverkan.cli.stories.player import Player
from samverkan.cli.stories.story import load_story
from samverkan.cli.system import System

ROOT = Path(__file__).parents[2]
BOOK = (ROOT / "docs" / "runbooks" / "notifications.md").read_text("utf-8")
STORY = ROOT / "tests" / "traffic.yaml"


def commands() -> list[str]:
    """What stands after `$` in its console blocks."""
    blocks = re.findall(r"```console\n(.*?)```", BOOK, re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]


@dataclass
class Operator:
    """Carries out commands of the runbook, and remembers which."""

    system: System
    done: set[str] = field(default_factory=set)

    def sees(self, beginning: str, words: str, **given: str) -> str:
        """The command that begins like this, until it ends with 0 and says these words."""
        (command,) = [one for one in commands() if one.startswith(beginning)]
        self.done.add(command)
        names = {"NOTIFY": self.system.run.service("notify").url, **given}
        filled = re.sub("|".join(names), lambda found: names[found[0]], command)
        deadline = time.monotonic() + 90
        while True:
            code, said = self._run(shlex.split(filled))
            if code == 0 and words in said:
                return said
            assert time.monotonic() < deadline, f"{filled} ended with {code}: {said}"
            time.sleep(0.3)

    def _run(self, argv: list[str]) -> tuple[int, str]:
        if argv[0] == "./samverkan":
            result = CliRunner().invoke(app, argv[1:], env={"SAMVERKAN_UP_FOLDER": str(self.system.folder)})
            return result.exit_code, result.output
        ran = subprocess.run(argv, check=False, capture_output=True, text=True)
        return ran.returncode, ran.stdout + ran.stderr


@pytest.mark.timeout(300)
def test_what_hangs_is_seen_asked_for_again_and_leaves_when_the_mail_server_answers(system: System) -> None:
    operator = Operator(system)
    mail = system.run.all_processes()["mail"].pid
    os.kill(mail, signal.SIGSTOP)
    try:
        played = asyncio.run(Player(system.run).play(load_story(STORY), "runbook"))
        assert played.held
        operator.sees("curl -sf NOTIFY/notifications/stuck", "notification_id")
        operator.sees("curl -sf NOTIFY/notifications?state=failed", "[]")
        operator.sees("curl -sf NOTIFY/webhooks", "[]")
        asked = {"case_id": played.variables["case"], "recipient": "kommun"}
        listed = httpx.get(system.run.service("notify").url + "/notifications", params=asked).json()
        keys = {"AGENCY": "kommun", "KEY1": "runbook-1", "KEY2": "runbook-2"}
        requeued = {**keys, "NOTIFICATION": listed[0]["notification_id"]}
        operator.sees("curl -sf -X POST -H Samverkan-Agency:AGENCY -H Idempotency-Key:KEY1", "stream_id", **keys)
        operator.sees("curl -sf -X POST -H Samverkan-Agency:AGENCY -H Idempotency-Key:KEY2", "stream_id", **requeued)
    finally:
        os.kill(mail, signal.SIGCONT)
    operator.sees("curl -sf NOTIFY/deadlines", "[")
    operator.sees("curl -sf NOTIFY/reminders", "[")
    operator.sees("./samverkan rebuild compensation_watch", "notify")
    operator.sees("./samverkan rebuild case_watch", "notify")
    operator.sees("./samverkan rebuild plan_watch", "notify")
    operator.sees("./samverkan rebuild budget_watch", "notify")
    operator.sees("curl -sf NOTIFY/notifications/stuck", "[]")
    assert set(commands()) == operator.done


def test_the_operators_page_links_to_it() -> None:
    assert "](runbooks/notifications.md)" in (ROOT / "docs" / "operate.md").read_text("utf-8")
