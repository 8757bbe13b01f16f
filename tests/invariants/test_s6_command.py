"""`samverkan parked` beside a process that does not run, or is given what it cannot take: it says so in a sentence."""

import asyncio
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from typer.testing import CliRunner, Result

from records import placed, raw
from samverkan.cli.command import app
from samverkan.cli.parked import opening
from samverkan.cli.up.run import NothingRuns, Pid, Run, RunningService
from world import Follower, World, topic_named

TOPIC = topic_named("samverkan.participant.s6command")
GONE = Pid(2**22, 0.0)

Does = Callable[..., Result]


@pytest.fixture
def parked(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[UUID, Does]:
    """A parked stream in a store whose process is gone, and the command."""
    stream_id = uuid4()

    async def made() -> str:
        name = await world.database()
        from samverkan.backbone.database import connect

        pool = await connect(world.dsn(name))
        log = [raw(TOPIC, stream_id, v, v, purpose="poison" if v == 1 else "test") for v in (1, 2)]
        await Follower(pool, [TOPIC], name="agency.af").applier.apply(placed(TOPIC, log))
        await pool.close()
        return world.dsn(name)

    service = RunningService("agency.af", "http://127.0.0.1:1", asyncio.run(made()), "log", GONE)
    monkeypatch.setattr(opening, "load", lambda: Run(GONE, "data", services={"agency.af": service}))
    return stream_id, lambda *arguments: CliRunner().invoke(app, ["parked", *map(str, arguments)])


def test_s6_a_repair_of_a_store_whose_process_is_down_is_done_and_says_who_will_apply_it(
    parked: tuple[UUID, Does],
) -> None:
    stream_id, does = parked
    retried = does("retry", "agency.af", stream_id)
    assert retried.exit_code == 1
    assert "agency.af: its process does not run; 1 streams are tried as soon as it does." in retried.output
    skipped = does("skip", "agency.af", f"{stream_id}@1", "--reason", "a drill", "--by", "drift-7")
    assert "1 events queued behind it" in skipped.output and "its process does not run" in skipped.output
    listed = does("list")
    assert (listed.exit_code, listed.output.strip()) == (0, "Nothing stands still.")
    assert f"requires {stream_id}@2 skipped-before" in does("list", "--all").output


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("show", "agency.xy", "x"), 2, "there is no store agency.xy; there are agency.af."),
        (("show", "agency.af", "x"), 2, "x is not the id of a stream"),
        (("show", "agency.af", UUID(int=1)), 1, "Not found"),
        (("skip", "agency.af", UUID(int=1), "--reason", "r", "--by", "b"), 2, "is not STREAM@VERSION"),
        (("skip", "agency.af", f"{UUID(int=1)}@1", "--reason", "r", "--by", "b"), 1, "Not parked"),
        (("skip", "agency.af", f"{UUID(int=1)}@1", "--reason", " ", "--by", "b"), 1, "A reason is needed"),
        (("acknowledge", "agency.af", "t/0", "--reason", "r", "--by", "b"), 2, "is not TOPIC/PARTITION@OFFSET"),
        (("acknowledge", "agency.af", "t/0@1", "--reason", "r", "--by", "b"), 1, "No such record"),
        (("retry", "agency.af"), 2, "give STREAM or --all"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    parked: tuple[UUID, Does], arguments: tuple[object, ...], code: int, words: str
) -> None:
    ended = parked[1](*arguments)
    assert (ended.exit_code, words in ended.output + ended.stderr) == (code, True), ended.output


def test_nothing_runs_is_an_answer_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Run:
        raise NothingRuns("Nothing runs: start it with ./samverkan up.")

    monkeypatch.setattr(opening, "load", none)
    assert CliRunner().invoke(app, ["parked", "list"]).exit_code == 3
