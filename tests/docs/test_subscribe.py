"""The program that docs/subscribe.md shows is the one that runs here, on a real broker, on the golden samples."""

import ast
import asyncio
import re
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from aiokafka import AIOKafkaProducer

from samverkan.deploy.embedded.kafka import EmbeddedKafka
from samverkan.deploy.topics import ensure_topics
from samverkan.schemas.catalogue import TOPICS
from samverkan.schemas.golden import Golden, golden_samples
from samverkan.schemas.record import read

DOCS = Path(__file__).parents[2] / "docs"
PROGRAM = DOCS / "examples" / "subscriber.py"
SAMPLES = golden_samples()


def test_the_guide_shows_exactly_the_program_that_is_tested() -> None:
    (shown,) = re.findall(r"```python\n(.*?)```", (DOCS / "subscribe.md").read_text("utf-8"), re.DOTALL)
    assert shown == PROGRAM.read_text("utf-8")


def test_the_program_is_short_and_uses_only_the_contracts_and_a_client() -> None:
    text = PROGRAM.read_text("utf-8")
    assert len(text.splitlines()) < 60
    imported = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    foreign = {name for name in imported if name not in sys.stdlib_module_names}
    assert {name for name in foreign if not name.startswith("samverkan.schemas")} == {"aiokafka"}


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker of its own: the topics have the catalogue's names."""
    with EmbeddedKafka(tmp_path_factory.mktemp("kafka")) as kafka:
        asyncio.run(ensure_topics(kafka.bootstrap, TOPICS))
        yield kafka.bootstrap


def send(broker: str, *samples: Golden) -> None:
    async def run() -> None:
        async with AIOKafkaProducer(bootstrap_servers=broker, acks="all") as producer:
            for sample in samples:
                await producer.send_and_wait(sample.topic, sample.value, sample.key, headers=list(sample.headers))

    asyncio.run(run())


def tables() -> str:
    """What the program creates; with a trigger of ours that notes every application."""
    for node in ast.parse(PROGRAM.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "TABLES":
            created: str = ast.literal_eval(node.value)
            return (
                created
                + """
                create table noted (id);
                create trigger note after update of applied on event begin insert into noted values (new.id); end;"""
            )
    raise AssertionError("the program has no TABLES")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The agency's database."""
    found = tmp_path / "af.sqlite"
    with closing(sqlite3.connect(found)) as db:
        db.executescript(tables())
    return found


@contextmanager
def subscriber(broker: str, file: Path) -> Iterator[subprocess.Popen[str]]:
    """The program as a process; ended by kill -9, as everything may be."""
    command = [sys.executable, str(PROGRAM), broker, "af", str(file)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def rows(file: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(file, timeout=20)) as db:
        return db.execute(query, values).fetchall()


def eventually(true: Callable[[], bool], said: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, said()
        time.sleep(0.05)


def retold(samples: Iterable[Golden], label: str) -> list[Golden]:
    """The same story with other ids: the tests share the topics."""
    pattern = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    return [
        Golden.parse(pattern.sub(lambda found: str(uuid5(UUID(found[0]), label)), sample.text())) for sample in samples
    ]


def id_of(sample: Golden) -> str:
    return dict(sample.headers)["ce_id"].decode()


def applied(file: Path, samples: Iterable[Golden]) -> Counter[str]:
    """How often each of these events was applied."""
    ids = {id_of(sample) for sample in samples}
    return Counter(found for (found,) in rows(file, "select id from noted") if found in ids)


def has_kept(file: Path, count: int) -> bool:
    return rows(file, "select count(*) >= ? from event", count) == [(1,)]


def once(samples: Iterable[Golden]) -> Counter[str]:
    return Counter(id_of(sample) for sample in samples)


def assert_in_order(file: Path, samples: Iterable[Golden]) -> None:
    """Nothing was applied before what it needs."""
    at = {found: number for number, (found,) in enumerate(rows(file, "select id from noted"))}
    records = [read(sample.topic, sample.key, sample.headers, sample.value) for sample in samples]
    ids = {record.place: str(record.envelope.id) for record in records}
    for record in records:
        for need in record.needs:
            assert at[ids[need]] < at[str(record.envelope.id)], (str(need), str(record.place))


def dependants(samples: Sequence[Golden], place: int) -> set[int]:
    """The place itself and all that needs it, at first or at last hand."""
    records = [read(sample.topic, sample.key, sample.headers, sample.value) for sample in samples]
    found, missing = {place}, {records[place].place}
    for number, record in enumerate(records):
        if missing.intersection(record.needs):
            found.add(number)
            missing.add(record.place)
    return found


def test_a_record_that_nobody_can_read_holds_only_its_own_stream(broker: str, file: Path) -> None:
    story = retold(SAMPLES, "unreadable")
    place = next(n for n, sample in enumerate(story) if b"PlacementProposed" in dict(sample.headers)["ce_type"])
    broken = replace(story[place], value=b'{"case_id":"198808112380"}')
    send(broker, *story[:place], broken, *story[place + 1 :])
    behind = dependants(story, place)
    before = once(sample for number, sample in enumerate(story) if number not in behind)
    with subscriber(broker, file) as process:
        eventually(lambda: applied(file, story) == before, lambda: applied(file, story))
        held = "select count(*) from event where not applied"
        eventually(lambda: rows(file, held) == [(len(behind) - 1,)], lambda: rows(file, held))
        assert applied(file, story) == before
        send(broker, story[place])  # in life: an upgraded reader that starts again from 0
        eventually(lambda: applied(file, story) == once(story), lambda: once(story) - applied(file, story))
        process.kill()
        said = process.communicate()[1]
    assert "payload-invalid: " in said
    assert "198808112380" not in said


def test_a_fork_is_an_alarm_and_changes_nothing(broker: str, file: Path) -> None:
    (first,) = retold(SAMPLES[:1], "fork")
    other = replace(first, headers=tuple((n, b"0" * 8 + v[8:] if n == "ce_id" else v) for n, v in first.headers))
    send(broker, first, other)
    with subscriber(broker, file) as process:
        eventually(lambda: applied(file, [first]) == once([first]), lambda: rows(file, "select * from event"))
        assert process.stderr is not None
        line = next(line for line in process.stderr if first.key.decode() in line)
    assert line.startswith("fork, call the operator: two facts claim samverkan.participant/")
    assert applied(file, [other]) == Counter()


def test_each_event_is_applied_once_whatever_the_order_the_repeats_and_the_crashes(broker: str, file: Path) -> None:
    """Last in this file: each of them reads the topics from 0, so what this one sends would come before theirs."""
    stories = [retold(SAMPLES, f"crash {number}") for number in range(4)]  # 600 events, nearly all of them too early
    samples = [sample for story in stories for sample in story]
    late_first = sorted(samples, key=lambda sample: [t.name for t in TOPICS].index(sample.topic), reverse=True)
    send(broker, *late_first[: len(late_first) // 2])
    for kept in (40, 80):
        with subscriber(broker, file):
            eventually(partial(has_kept, file, kept), lambda: rows(file, "select count(*) from event"))
    with subscriber(broker, file):
        send(broker, *late_first[len(late_first) // 2 :], *samples[:50])
        eventually(lambda: applied(file, samples) == once(samples), lambda: once(samples) - applied(file, samples))
    assert_in_order(file, samples)
    cases = {
        dict(sample.headers)["ce_correlationid"].decode()
        for sample in samples
        if b"PlacementStarted" in dict(sample.headers)["ce_type"]
    }
    started = dict(rows(file, "select case_id, starts_on from placement"))
    assert {case: started.get(case) for case in cases} == dict.fromkeys(cases, "2026-03-02")
