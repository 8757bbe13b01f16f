"""`samverkan status` on a running system: well, with a parked stream, and with a process that is down."""

import asyncio
import json
import os
import signal
import time
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from aiokafka import AIOKafkaProducer

from samverkan.backbone.parking.standing import HeldStream
from samverkan.cli.play import play_story
from samverkan.cli.status import ServiceStatus, look, look_twice, show
from samverkan.cli.system import System
from samverkan.deploy.exits import DIFFERENT, OK
from samverkan.schemas.catalogue import DEFAULT_AGENCIES

STORY = Path(__file__).parents[1] / "traffic.yaml"


def seen(system: System) -> dict[str, ServiceStatus]:
    return {one.name: one for one in asyncio.run(look(system.run))}


def test_a_system_that_has_played_a_story_is_well(own_system: System, capsys: pytest.CaptureFixture[str]) -> None:
    assert play_story(STORY, own_system.run) == OK
    found = seen(own_system)
    assert show(list(found.values()), as_json=False) == OK
    assert "All is well." in capsys.readouterr().out
    assert len(found) == 9
    assert all(one.state == "ready" and one.unread == 0 for one in found.values())
    for name in ("intake", "placement", "funding", "notify"):
        store = found[name].store
        assert store is not None and store.relay is not None and store.lease_held and store.relay.unsent == 0


async def _produce(bootstrap: str, headers: dict[str, str], key: UUID, value: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        await producer.send_and_wait(
            "samverkan.participant",
            value,
            str(key).encode(),
            headers=[(f"ce_{name}", text.encode()) for name, text in headers.items()],
        )
    finally:
        await producer.stop()


def _attributes(stream_id: UUID) -> dict[str, str]:
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/samverkan/intake",
        "type": "se.samverkan.ParticipantReferred.v1",
        "subject": str(stream_id),
        "time": "2026-03-02T09:00:00Z",
        "recordedtime": "2026-03-02T09:00:00Z",
        "streamversion": "1",
        "correlationid": str(stream_id),
        "logindex": "1000000",
    }


def test_a_broken_record_parks_its_stream_everywhere_and_status_shows_it(
    own_system: System, capsys: pytest.CaptureFixture[str]
) -> None:
    stream_id = uuid4()
    asyncio.run(_produce(own_system.run.bootstrap, _attributes(stream_id), stream_id, b"{not json"))
    asyncio.run(_produce(own_system.run.bootstrap, {"specversion": "1.0"}, uuid4(), b"{}"))
    readers = ["placement", "funding", "notify", *(f"agency.{agency.code}" for agency in DEFAULT_AGENCIES)]
    deadline = time.monotonic() + 20
    while True:
        found = seen(own_system)
        held = {name: _held(found[name], stream_id) for name in readers}
        rejected = {name: store.rejected for name in readers if (store := found[name].store) is not None}
        if (all(held.values()) and set(rejected.values()) == {1}) or time.monotonic() > deadline:
            break
    assert {name: (one.reason, one.version, one.code) for name, one in held.items() if one} == dict.fromkeys(
        readers, ("parked", 1, "payload-invalid")
    )
    assert rejected == dict.fromkeys(readers, 1)
    assert show(list(found.values()), as_json=False) == DIFFERENT
    printed = capsys.readouterr().out
    assert f"{stream_id}@1" in printed
    assert "rejected samverkan.participant/" in printed
    assert "agency.af: 1 streams are parked" in printed

    assert play_story(STORY, own_system.run) == OK, "the other streams go on"
    assert all(one.unread == 0 for one in seen(own_system).values())


def _held(one: ServiceStatus, stream_id: UUID) -> HeldStream | None:
    streams = one.store.held_streams if one.store is not None else ()
    return next((stream for stream in streams if stream.stream_id == stream_id), None)


def test_a_process_that_is_down_is_told_and_its_store_is_read_all_the_same(
    own_system: System, capsys: pytest.CaptureFixture[str]
) -> None:
    run = own_system.run
    pid = run.service("agency.fk").process.pid
    os.kill(pid, signal.SIGSTOP)  # killed, it would be back before anybody looked
    try:
        found = asyncio.run(look(run))
    finally:
        os.kill(pid, signal.SIGCONT)
    (fk,) = [one for one in found if one.name == "agency.fk"]
    assert fk.state == "not ready" and fk.store is not None and fk.store.parked == 1
    assert "the process is not ready" in list(fk.troubles())
    assert show(found, as_json=True) == DIFFERENT
    document = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert "the process is not ready" in document["agency.fk"]["troubles"]
    assert document["intake"]["store"]["lease_held"] is True


def _refer(system: System) -> None:
    body = {
        "person_number": "199912282382",
        "programme": "nystartsjobb",
        "referred_by": "kommun",
        "agencies_needed": ["kommun"],
        "received_on": "2026-03-02",
    }
    headers = {"Idempotency-Key": str(uuid4()), "Samverkan-Agency": "kommun"}
    answer = httpx.post(f"{system.run.service('intake').url}/referrals", json=body, headers=headers, timeout=20)
    assert answer.status_code == 201


def test_a_subscription_that_stands_still_is_told_from_one_that_works(own_system: System) -> None:
    pid = own_system.run.service("agency.fk").process.pid
    os.kill(pid, signal.SIGSTOP)
    try:
        _refer(own_system)
        found = {one.name: one for one in asyncio.run(look_twice(own_system.run))}
    finally:
        os.kill(pid, signal.SIGCONT)
    assert found["agency.fk"].still and any("read none of them" in text for text in found["agency.fk"].troubles())
    assert not any(one.still for name, one in found.items() if name != "agency.fk")


def test_a_restart_is_counted(own_system: System) -> None:
    os.kill(own_system.run.service("notify").process.pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while seen(own_system)["notify"].state != "ready" or seen(own_system)["notify"].restarts == 0:
        assert time.monotonic() < deadline
    assert seen(own_system)["notify"].restarts == 1


def test_lag_is_unknown_without_a_broker(own_system: System) -> None:
    found = asyncio.run(look(replace(own_system.run, bootstrap="127.0.0.1:1")))
    assert all(one.unread is None for one in found)
    assert all("how far it lags behind Kafka is not known" in list(one.troubles()) for one in found)
