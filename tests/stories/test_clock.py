"""A story that sets the clock: what is recorded has the story's time, and the system is left at the machine's."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from samverkan.cli import system_clock
from samverkan.cli.play import play_story
from samverkan.cli.system import System
from samverkan.deploy.exits import NOTHING_RUNS, OK, USAGE

STORY = """
title: {sv: Två år, en: Two years}
steps:
  - step: The person is referred
    on: 2026-02-02
    as: kommun
    actor: kommun-handlaggare-1
    do: POST intake /referrals
    body:
      person_number: "191401682396"
      programme: introduktionsjobb
      referred_by: kommun
      agencies_needed: [kommun]
      received_on: 2026-02-02
    expect: {status: [200, 201]}
    save: {case: stream_id}
  - step: A year later somebody consents
    on: 2027-02-03T14:30
    as: kommun
    actor: kommun-handlaggare-1
    do: POST intake /cases/${case}/consents
    body: {agency: kommun, purpose: shared-case, compartments: [identity], given_on: 2027-02-03}
agencies:
  kommun:
    - get: /cases/${case}
      holds: {consents: {kommun: [identity]}, identity: {person_number: "191401682396"}}
    - get: /cases/${case}?known_by=2026-12-31
      holds: {consents: {kommun: null}}
    - get: /cases/${case}?as_of=2027-02-03&known_by=2027-02-03
      holds: {consents: {kommun: [identity]}}
    - get: /cases/${case}?known_by=2026-02-01
      problem: not-found
"""


_LATEST = """
select recorded_at from kept_event join head using (stream_id)
where head.topic = 'samverkan.participant' and head.correlation_id = (
    select head.correlation_id from kept_event join head using (stream_id)
    where head.topic = 'samverkan.participant' order by applied_order desc limit 1
)
order by applied_order desc limit 2
"""


def recorded(system: System) -> tuple[datetime, datetime]:
    """When the last two events of the case that the municipality's store heard of last were recorded."""

    async def read() -> list[asyncpg.Record]:
        connection = await asyncpg.connect(system.run.service("agency.kommun").dsn)
        try:
            return await connection.fetch(_LATEST)
        finally:
            await connection.close()

    second, first = (row["recorded_at"] for row in asyncio.run(read()))
    return first, second


def test_what_is_recorded_has_the_storys_time_and_the_machines_time_comes_back(system: System, tmp_path: Path) -> None:
    file = tmp_path / "years.yaml"
    file.write_text(STORY, encoding="utf-8")
    assert play_story(file, system.run) == OK
    referred, consented = recorded(system)
    assert timedelta(0) <= referred - datetime(2026, 2, 2, 8, tzinfo=UTC) < timedelta(minutes=2)
    assert timedelta(0) <= consented - datetime(2027, 2, 3, 13, 30, tzinfo=UTC) < timedelta(minutes=2)
    assert not system_clock.SystemTime(system.run).is_set


def test_the_time_of_a_system_is_shown_set_and_put_back(
    system: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert system_clock.clock("2026-03-02T14:30", machine=False, folder=system.folder) == OK
    assert "2026-03-02T14:30:0" in capsys.readouterr().out
    assert system_clock.clock(None, machine=True, folder=system.folder) == OK
    assert "the time of this machine" in capsys.readouterr().out
    assert system_clock.clock("snart", machine=False, folder=system.folder) == USAGE
    assert system_clock.clock(None, machine=False, folder=tmp_path) == NOTHING_RUNS
