"""The runbooks, carried out: every command that stands in them, on a running system that is broken on purpose."""

import asyncio
import re
import shlex
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaProducer
from typer.testing import CliRunner

from samverkan.cli.command import app
from samverkan.cli.stories.player import Player
from samverkan.cli.stories.story import load_story
from samverkan.cli.system import System
from samverkan.deploy.embedded.postgres import BINARIES
from samverkan.schemas.catalogue import DEFAULT_AGENCIES
from samverkan.schemas.entry import read_entry

ROOT = Path(__file__).parents[2]
RUNBOOKS = ROOT / "docs" / "runbooks"
OURS = ("parked-stream", "rejected-record", "fork", "halted-subscription", "rebuild-a-view", "restore-an-agency")
STORY = ROOT / "tests" / "traffic.yaml"
READERS = ["placement", "funding", "notify", *(f"agency.{agency.code}" for agency in DEFAULT_AGENCIES)]
CASES = "samverkan.participant"


def commands(runbook: str) -> list[str]:
    """What stands after `$` in its console blocks."""
    text = (RUNBOOKS / f"{runbook}.md").read_text("utf-8")
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    said: str


class Operator:
    """Carries out commands of runbooks on one system, and remembers which."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.done: set[tuple[str, str]] = set()

    def does(self, runbook: str, command: str, **given: object) -> Ended:
        """One command as it stands in the runbook, with its words in capitals replaced."""
        assert command in commands(runbook), f"{runbook}.md has no: {command}"
        self.done.add((runbook, command))
        filled = re.sub("|".join(given) or "$^", lambda found: str(given[found[0]]), command)
        program, *arguments = shlex.split(filled)
        if program == "./samverkan":
            result = CliRunner().invoke(app, arguments, env={"SAMVERKAN_UP_FOLDER": str(self.system.folder)})
            return Ended(result.exit_code, result.output)
        where = BINARIES / program
        argv = [where if where.exists() else program, *arguments]
        ran = subprocess.run(argv, check=False, capture_output=True, text=True)
        return Ended(ran.returncode, ran.stdout + ran.stderr)

    def sees(self, runbook: str, command: str, code: int, words: str = "", **given: object) -> str:
        """The same until it ends as it should: what was done takes a moment."""
        deadline = time.monotonic() + 90
        while True:
            ended = self.does(runbook, command, **given)
            if (ended.code == code and words in ended.said) or time.monotonic() > deadline:
                assert (ended.code, words in ended.said) == (code, True), ended.said
                return ended.said
            time.sleep(0.3)

    def ask(self, store: str, statement: str, *values: object) -> list[Any]:
        """Ask a store's database."""

        async def asked() -> list[Any]:
            connection = await asyncpg.connect(self.system.run.service(store).dsn)
            try:
                return list(await connection.fetch(statement, *values))
            finally:
                await connection.close()

        return asyncio.run(asked())

    def post(self, store: str, path: str, body: Mapping[str, object], agency: str) -> httpx.Response:
        headers = {"Idempotency-Key": str(uuid4()), "Samverkan-Agency": agency, "Samverkan-Actor": "drift-7"}
        return httpx.post(self.system.run.service(store).url + path, json=body, headers=headers, timeout=30)

    def produce(self, headers: Mapping[str, str], key: str, value: bytes, partition: int | None = None) -> str:
        """Write a record by hand; TOPIC/PARTITION@OFFSET."""

        async def produced() -> str:
            async with AIOKafkaProducer(bootstrap_servers=self.system.run.bootstrap) as producer:
                told = [(name, text.encode()) for name, text in headers.items()]
                at = await producer.send_and_wait(CASES, value, key.encode(), headers=told, partition=partition)
                return f"{at.topic}/{at.partition}@{at.offset}"

        return asyncio.run(produced())


@pytest.fixture(scope="module")
def operator(own_system: System) -> Operator:
    """Of a system of its own."""
    return Operator(own_system)


@pytest.fixture(scope="module")
def propose(operator: Operator) -> Callable[[], None]:
    """Proposes one more placement for the case: a new stream."""
    played = asyncio.run(Player(operator.system.run).play(load_story(STORY), "runbooks"))
    assert played.held
    body = {
        "case_id": played.variables["case"],
        "form": "introduktionsjobb",
        "starts_on": "2026-03-02",
        "ends_on": "2027-02-28",
        "extent": "1",
        "parties": ["participant", "employer", "af"],
        "workplace": {
            "employer_number": "212000-2395",
            "employer_name": "Timrå kommun",
            "workplace": "Ledsagarservice",
            "supervisor": "Arbetsledare ledsagarservice",
        },
        "terms": {"gross_per_month": "24000.00", "birth_year": 1990},
    }

    def one_more() -> None:
        answer = operator.post("placement", "/placements", body, "kommun")
        assert answer.status_code == 201, answer.text

    return one_more


def test_a_halted_subscription_goes_on_when_the_release_is_mended(
    operator: Operator, propose: Callable[[], None]
) -> None:
    book, store = "halted-subscription", "agency.af"
    operator.sees(book, "./samverkan status", 0)
    operator.ask(store, "alter table case_placement add constraint bad_release check (false) not valid")
    for _ in range(24):
        propose()
    operator.sees(book, "./samverkan status", 1, "agency.af: the subscription halted")
    assert "database-refused" in operator.does(book, "./samverkan parked list --service STORE", STORE=store).said
    operator.ask(store, "alter table case_placement drop constraint bad_release")
    pid = operator.system.run.service(store).process.pid
    assert operator.does(book, "kill PID", PID=pid).code == 0
    operator.sees(book, "./samverkan parked retry STORE --all", 0, STORE=store)
    operator.sees(book, "./samverkan status", 0)


def test_a_view_that_was_altered_by_hand_is_rebuilt(operator: Operator, propose: Callable[[], None]) -> None:
    book = "rebuild-a-view"
    propose()
    operator.sees(book, "./samverkan replay --agency af", 0, "equal")
    operator.ask("agency.af", "update case_placement set extent = 0.5 where started_on is null")
    assert operator.does(book, "./samverkan replay --agency af").code == 1
    rebuilt = operator.does(book, "./samverkan rebuild VIEW --store STORE", VIEW="case_placement", STORE="agency.af")
    assert rebuilt.code == 0 and re.search(
        r"agency\.af: case_placement rebuilt: 26 rows .* 26 rows differ", rebuilt.said
    )
    operator.sees(book, "./samverkan replay --agency af", 0, "equal")
    every = operator.does(book, "./samverkan rebuild VIEW", VIEW="tally")
    assert every.code == 0 and every.said.count("no row differs") == len(DEFAULT_AGENCIES)
    own = operator.does(book, "./samverkan rebuild VIEW", VIEW="placement")
    assert own.code == 0 and "placement: placement rebuilt: 26 rows" in own.said and "no row differs" in own.said
    unknown = operator.does(book, "./samverkan rebuild VIEW", VIEW="plaecment")
    assert unknown.code == 2 and "there is no view plaecment; there are agreed_placement, " in unknown.said


def test_an_agency_restored_from_an_older_backup_catches_up_while_its_process_runs(
    operator: Operator, propose: Callable[[], None], tmp_path: Path
) -> None:
    book, service = "restore-an-agency", operator.system.run.service("agency.af")
    operator.sees(book, "./samverkan status", 0)
    given: dict[str, Any] = {"FILE": tmp_path / "af.dump", "DSN": service.dsn}
    assert operator.does(book, "pg_dump --format custom --file FILE DSN", **given).code == 0
    for _ in range(3):
        propose()
    operator.sees(book, "./samverkan status", 0)
    counted = "select count(*) as n from case_placement"
    (before,) = operator.ask("agency.af", counted)
    command = "pg_restore --clean --if-exists --no-owner --single-transaction --dbname DSN FILE"
    operator.sees(book, command, 0, **given)
    operator.sees(book, "./samverkan status", 0)
    operator.sees(book, "./samverkan replay --agency af", 0, "agency.af: equal")
    assert operator.ask("agency.af", counted) == [before]
    assert operator.system.run.service("agency.af").process == service.process, "it has not been restarted"


def _poison(operator: Operator) -> tuple[UUID, dict[str, str]]:
    """The next record of intake's log, as nobody can read it."""
    stream_id = uuid4()
    (sequencer,) = operator.ask("intake", "select next from sequencer")
    attributes = {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/samverkan/intake",
        "type": "se.samverkan.ParticipantReferred.v1",
        "subject": str(stream_id),
        "time": "2026-03-02T09:00:00Z",
        "recordedtime": "2026-03-02T09:00:00Z",
        "streamversion": "1",
        "correlationid": str(stream_id),
        "logindex": str(sequencer["next"]),
    }
    return stream_id, {f"ce_{name}": text for name, text in attributes.items()}


def test_a_parked_stream_is_shown_tried_again_and_skipped(operator: Operator) -> None:
    book, store = "parked-stream", "agency.af"
    stream_id, headers = _poison(operator)
    operator.produce(headers, str(stream_id), b"{not json 199912282382")
    for reader in READERS:
        _until(partial(operator.ask, reader, "select from held_stream where stream_id = $1", stream_id))
    assert "agency.fk: 1 streams are parked" in operator.does(book, "./samverkan status").said
    assert operator.does(book, "./samverkan parked list").said.count(f"{stream_id}@1") == len(READERS)
    shown = operator.does(book, "./samverkan parked show STORE STREAM", STORE=store, STREAM=stream_id).said
    assert "se.samverkan.ParticipantReferred.v1 version 1" in shown and "payload-invalid" in shown
    assert "1999" not in shown
    again = operator.does(book, "./samverkan parked retry STORE STREAM", STORE=store, STREAM=stream_id)
    assert again.code == 1 and "payload-invalid" in again.said and "tried again 1 times" in again.said
    assert operator.does(book, "./samverkan parked retry STORE --all", STORE=store).code == 1
    skip = next(command for command in commands(book) if " skip " in command)
    wrong = operator.does(book, skip, STORE=store, STREAM=stream_id, VERSION=2)
    assert wrong.code == 1 and "stands still at version 1, not at 2" in wrong.said
    skipped = operator.does(book, skip, STORE=store, STREAM=stream_id, VERSION=1)
    assert skipped.code == 0 and "it goes on" in skipped.said
    (noted,) = operator.ask(store, "select repaired_by, event_id from repair where action = 'skip'")
    assert tuple(noted) == ("drift-7", UUID(headers["ce_id"]))
    replayed = operator.does(book, "./samverkan replay --agency af")
    assert replayed.code == 0 and "1 event left out because the store says so" in replayed.said
    for reader in (name for name in READERS if name != store):
        body = {"version": 1, "reason": "not JSON"}
        answer = operator.post(reader, f"/operations/parked/{stream_id}/skip", body, reader.removeprefix("agency."))
        assert answer.status_code == 200, answer.text
    operator.sees(book, "./samverkan status", 0)


def test_a_rejected_record_is_listed_and_acknowledged(operator: Operator) -> None:
    book = "rejected-record"
    place = operator.produce({"ce_specversion": "1.0"}, "nobody", b"{}")
    listed = "./samverkan parked list --service STORE"
    for store in READERS:
        operator.sees(book, listed, 1, place, STORE=store)
        acknowledge = next(command for command in commands(book) if " acknowledge " in command)
        done = operator.does(book, acknowledge, STORE=store, **{"TOPIC/PARTITION@OFFSET": place})
        assert done.code == 0 and "alarms no more" in done.said
        assert operator.does(book, listed, STORE=store).code == 0
    kept = operator.does(book, "./samverkan parked list --service STORE --all", STORE="agency.af").said
    assert place in kept and "by drift-7" in kept
    assert operator.does("parked-stream", "./samverkan status").code == 0


def test_a_fork_alarms_until_it_is_acknowledged_and_its_stream_goes_on(operator: Operator) -> None:
    book = "fork"
    query = "select * from kept_event where topic = $1 and not skipped order by applied_order limit 1"
    (event,) = operator.ask("agency.af", query, CASES)
    _, key, headers, value = read_entry(event["entry"])
    altered = {name: text.decode() for name, text in headers} | {"ce_commandid": str(uuid4())}
    place = operator.produce(altered, key.decode(), value, event["partition"])
    retry, given = "./samverkan parked retry STORE STREAM", {"STREAM": event["stream_id"]}
    acknowledge = next(command for command in commands(book) if " acknowledge " in command)
    for store in READERS:
        _until(partial(operator.ask, store, "select from fork"))
        refused = operator.does(book, retry, STORE=store, **given)
        assert refused.code == 1 and "acknowledge the fork" in refused.said
    assert operator.does(book, "./samverkan parked list").said.count(place) == len(READERS)
    assert (
        f"fork: {event['event_id']}"
        in operator.does(book, "./samverkan parked show STORE STREAM", STORE="agency.af", **given).said
    )
    assert "forks: another event" in operator.does("parked-stream", "./samverkan status").said
    for store in READERS:
        assert operator.does(book, acknowledge, STORE=store, **{"TOPIC/PARTITION@OFFSET": place}).code == 0
        goes_on = operator.does(book, retry, STORE=store, **given)
        assert goes_on.code == 0 and "it goes on" in goes_on.said
    operator.sees("parked-stream", "./samverkan status", 0)


def test_every_command_of_these_runbooks_was_carried_out(operator: Operator) -> None:
    standing = {(book, command) for book in OURS for command in commands(book)}
    assert len(standing) > 15
    assert standing - operator.done == set()


def test_the_operators_page_links_to_every_runbook() -> None:
    page = (ROOT / "docs" / "operate.md").read_text("utf-8")
    assert [book for book in OURS if f"](runbooks/{book}.md)" not in page] == []


def _until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)
