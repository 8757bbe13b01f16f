"""Must show: kill -9 of each process in turn while the story plays, and the story ends the same."""

import asyncio
import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from threading import Timer

import asyncpg
import pytest

from samverkan.cli.stories.player import Played, Player, StepDone
from samverkan.cli.stories.report import differences
from samverkan.cli.stories.story import Step, Story, load_story
from samverkan.cli.system import System
from samverkan.cli.up.run import Pid, Run
from samverkan.schemas.catalogue import DEFAULT_AGENCIES
from samverkan.schemas.entry import read_entry

TIMRA = Path(__file__).parents[1] / "stories" / "01-timra.yaml"
AFTER_SENDING_SECONDS = 0.01  # a command takes about 25 ms here: it is under way

# Who is killed when which step has just been sent. A service while its own command is under way; notify while it has
# mails to send; an agency while events stream in.
SERVICES = {
    "Enrolled": "intake",
    "AF approves, and all have agreed": "placement",
    "AF decides on 20 February": "funding",
    "April is credited": "notify",
}
READERS = {
    "The shared assessment is taken": "agency.kommun",
    "The union has no objection": "agency.af",
    "AF prepares the decision": "agency.fk",
    "The placement starts on 2 March": "agency.region",
    "March is claimed, its AGI filed on 8 May": "agency.forbund",
}
BROKER = {"The municipality applies for compensation": "kafka"}
DATABASE = {"The placement starts on 2 March": "postgres"}

Outcome = dict[str, Counter[str]]


@pytest.fixture(scope="module")
def undisturbed(system: System) -> Outcome:
    """The story when nothing is killed."""
    return outcome(system.run, played(system, {}, "198808112380"))


def test_every_process_is_killed_in_one_of_these_stories(system: System) -> None:
    killed = {*SERVICES.values(), *READERS.values(), *BROKER.values(), *DATABASE.values()}
    assert killed == {*system.run.services, "kafka", "postgres"}


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("victims", "person"),  # a person for each playing: nobody gets two supports at the same time
    [(SERVICES, "198705212382"), (READERS, "199001012385"), (BROKER, "199610202385"), (DATABASE, "199107172380")],
    ids=["each service", "each agency", "the broker", "the database"],
)
def test_the_story_ends_the_same_when_they_are_killed(
    system: System, undisturbed: Outcome, victims: Mapping[str, str], person: str
) -> None:
    before = {name: system.run.all_processes()[name] for name in victims.values()}
    disturbed = played(system, victims, person)
    assert [name for name, process in before.items() if process.find() is not None] == [], "these were not killed"
    assert outcome(system.run, disturbed) == undisturbed
    assert_back(system, before)


def played(system: System, victims: Mapping[str, str], person: str) -> Played:
    """Play Timrå of this person; each victim is killed right after its step was sent. It comes out as written."""
    steps: list[StepDone] = []

    def sending(_number: int, step: Step) -> None:
        if step.step in victims:
            pid = system.run.all_processes()[victims[step.step]].pid
            Timer(AFTER_SENDING_SECONDS, os.kill, (pid, signal.SIGKILL)).start()

    player = Player(system.run, tell=steps.append, sending=sending, within_seconds=60)
    result = asyncio.run(player.play(_of(person), os.urandom(6).hex()))
    failed = [f"{done.number} {done.step.step}: {done.difference}" for done in steps if done.difference]
    assert result.held, "\n".join([*failed, *differences(result.stores)])
    return result


def _of(person: str) -> Story:
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        file.write(TIMRA.read_text(encoding="utf-8").replace("198808112380", person))
        file.flush()
        return load_story(Path(file.name))


def outcome(run: Run, story: Played) -> Outcome:
    """By agency, how many events of each type it holds of this playing's placement and compensation."""

    async def read(dsn: str) -> Counter[str]:
        connection = await asyncpg.connect(dsn)
        try:
            rows = await connection.fetch(
                "select entry from kept_event where stream_id::text = any($1)",
                [story.variables[name] for name in ("placement", "compensation")],
            )
        finally:
            await connection.close()
        return Counter(dict(read_entry(row["entry"])[2])["ce_type"].decode() for row in rows)

    async def read_all() -> Outcome:
        return {agency.code: await read(run.service(f"agency.{agency.code}").dsn) for agency in DEFAULT_AGENCIES}

    return asyncio.run(read_all())


def assert_back(system: System, before: Mapping[str, Pid]) -> None:
    """They run again, so that the next story begins in a whole system."""
    deadline = time.monotonic() + 30
    while not all(system.run.all_processes()[name].find() for name in before):
        assert time.monotonic() < deadline, f"not all of {', '.join(before)} came back"
        time.sleep(0.1)
