"""The embedded broker and database: what survives, what is refused, what ends with us."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from samverkan.deploy.embedded import jars
from samverkan.deploy.embedded.kafka import EmbeddedKafka, Runtime, Voter, new_cluster_id
from samverkan.deploy.embedded.ports import free_ports
from samverkan.deploy.embedded.postgres import EmbeddedPostgres
from samverkan.deploy.embedded.process import Process
from samverkan.deploy.errors import BrokenSetUp, NoRoom, StartFailed
from samverkan.deploy.home import home
from samverkan.deploy.topics import ensure_topics


class _Topic:
    def __init__(self, name: str, partitions: int = 1) -> None:
        self.name = name
        self.partitions = partitions


async def _value(dsn: str, statement: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def _produce(bootstrap: str, topic: str, value: bytes, **options: object) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, **options) as producer:
        await producer.send_and_wait(topic, value)


async def _consume(bootstrap: str, topic: str) -> bytes:
    async with AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest") as consumer:
        async with asyncio.timeout(20):
            record = await consumer.getone()
        return bytes(record.value)


async def test_a_database_that_is_killed_keeps_what_was_committed(short_folder: Path) -> None:
    with EmbeddedPostgres(short_folder, flush=False) as server:
        dsn = server.create_database("a")
        await _value(dsn, "create table kept as select 42 as number")
        server.kill()
        server.start()
        assert await _value(dsn, "select number from kept") == 42


async def test_a_database_prints_no_row_and_no_statement(short_folder: Path) -> None:
    with EmbeddedPostgres(short_folder, flush=False) as server:
        dsn = server.create_database("a")
        await _value(dsn, "create table person (name text check (name <> 'Anna-Karin'))")
        with pytest.raises(asyncpg.CheckViolationError):
            await _value(dsn, "insert into person values ('Anna-Karin')")
        assert "violates check constraint" in server.log.read_text()
        assert "Anna-Karin" not in server.log.read_text()


async def test_a_database_flushes_to_disk_unless_a_test_says_otherwise(short_folder: Path) -> None:
    with EmbeddedPostgres(short_folder) as server:
        assert await _value(server.dsn("postgres"), "show fsync") == "on"
        assert await _value(server.dsn("postgres"), "show synchronous_commit") == "on"


def test_a_database_in_a_deep_folder_has_its_socket_elsewhere(short_folder: Path) -> None:
    deep = short_folder / ("d" * 100)
    with EmbeddedPostgres(deep, flush=False) as server:
        server.create_database("a")
        assert not server.socket_folder.is_relative_to(deep)
    assert not server.socket_folder.exists()


def test_creating_a_database_twice_is_creating_it_once(postgres: EmbeddedPostgres) -> None:
    assert postgres.create_database("twice") == postgres.create_database("twice")


async def test_a_broker_that_is_killed_keeps_what_was_acknowledged(short_folder: Path) -> None:
    with EmbeddedKafka(short_folder) as broker:
        before = broker.bootstrap
        await ensure_topics(before, [_Topic("kept")])
        await _produce(before, "kept", b"acknowledged", acks="all")
        broker.kill()
        broker.start()
        assert broker.bootstrap == before, "clients find it where it was"
        assert await _consume(before, "kept") == b"acknowledged"


async def test_a_broker_takes_a_record_of_two_megabytes(kafka: EmbeddedKafka) -> None:
    await ensure_topics(kafka.bootstrap, [_Topic("large")])
    large = os.urandom(2 * 1024 * 1024)
    await _produce(kafka.bootstrap, "large", large, max_request_size=3 * 1024 * 1024)
    assert await _consume(kafka.bootstrap, "large") == large


def test_a_port_that_was_asked_for_and_is_taken_is_said(kafka: EmbeddedKafka, short_folder: Path) -> None:
    taken = int(kafka.bootstrap.split(":")[1])
    with pytest.raises(StartFailed, match=f"Port {taken}, asked for Kafka, is taken"):
        EmbeddedKafka(short_folder, port=taken).start()


@pytest.mark.slow
async def test_three_nodes_form_a_cluster(short_folder: Path) -> None:
    voters = [Voter(number, port) for number, port in enumerate(free_ports(3), start=1)]
    cluster_id = new_cluster_id()
    nodes = [
        EmbeddedKafka(
            short_folder / str(voter.node_id),
            node_id=voter.node_id,
            voters=voters,
            cluster_id=cluster_id,
            jvm_options=["-Xmx256m"],
        )
        for voter in voters
    ]
    try:
        for node in nodes:
            node.launch()
        for node in nodes:
            node.wait_ready()
        everywhere = ",".join(node.bootstrap for node in nodes)
        await ensure_topics(everywhere, [_Topic("replicated")], copies=3)
        await _produce(everywhere, "replicated", b"on two of three", acks="all")
        nodes[0].kill()
        assert await _consume(everywhere, "replicated") == b"on two of three"
    finally:
        for node in nodes:
            node.kill()  # to stop in order they would need each other, and one is gone


def test_an_altered_jar_is_refused(short_folder: Path) -> None:
    source = home() / "kafka" / "jars"
    for jar in jars.locked():
        target = jars.path_of(jar, short_folder)
        target.parent.mkdir(parents=True)
        target.symlink_to(jars.path_of(jar, source))
    altered = jars.path_of(jars.locked()[0], short_folder)
    altered.unlink()
    altered.write_bytes(b"something else")
    with pytest.raises(BrokenSetUp, match=f"{altered.name} is altered"):
        jars.classpath(short_folder)
    altered.unlink()
    with pytest.raises(BrokenSetUp, match=f"{altered.name} is missing"):
        jars.classpath(short_folder)


def test_the_lock_names_every_jar_that_jgo_toml_asks_for() -> None:
    locked = {f"{jar.group}:{jar.artifact}:{jar.version}" for jar in jars.locked()}
    wanted = [line.strip(' ",') for line in jars.SPEC.read_text().splitlines() if line.strip().startswith('"')]
    assert wanted
    assert set(wanted) <= locked
    assert all(jar.sha256 for jar in jars.locked())


def test_the_start_cache_was_made_by_set_up() -> None:
    assert Runtime.load().aot_cache.exists()


def test_a_program_that_fails_tells_its_last_words(tmp_path: Path) -> None:
    log = tmp_path / "log"
    failing = Process("it", [sys.executable, "-c", "print('no room'); raise SystemExit(3)"], log=log)
    with pytest.raises(StartFailed, match=r"it ended with 3 before it was ready(.|\n)*no room"):
        failing.wait_until(lambda: False, 10)


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    dying = "print('could not write: No space left on device'); raise SystemExit(1)"
    with pytest.raises(NoRoom, match="is full: free some"):
        Process("it", [sys.executable, "-c", dying], log=tmp_path / "log").finish(10)


def test_a_program_that_stays_silent_is_given_up(tmp_path: Path) -> None:
    silent = Process("it", [sys.executable, "-c", "import time; time.sleep(60)"], log=tmp_path / "log")
    with pytest.raises(StartFailed, match="it was not ready after 0 s"):
        silent.wait_until(lambda: False, 0.1)
    assert silent.kill() == -signal.SIGKILL


_STARTS_ONE_AND_WAITS = """
import sys, time
from pathlib import Path
from samverkan.deploy.embedded.process import Process
if __name__ == "__main__":
    child = Process("child", [sys.executable, "-c", "import time; time.sleep(60)"], log=Path(sys.argv[1]))
    print(child.pid, flush=True)
    time.sleep(60)
"""


def test_a_child_dies_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _STARTS_ONE_AND_WAITS, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        assert _within(5, child.is_running)
        parent.kill()
        assert _within(5, lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


async def test_nothing_is_started_from_a_thread_with_which_it_would_die(tmp_path: Path) -> None:
    def start() -> None:
        Process("it", [sys.executable, "-c", ""], log=tmp_path / "log")

    with pytest.raises(RuntimeError, match="main thread"):
        await asyncio.to_thread(start)


def _within(seconds: float, true: Callable[[], bool] | Callable[[], Awaitable[bool]]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False
