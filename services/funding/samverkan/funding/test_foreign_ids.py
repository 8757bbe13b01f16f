"""A command on the id of another aggregate: there is no such thing here, and its stream gets nothing."""

from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

import httpx

from samverkan.backbone.command import Context
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Refused
from samverkan.backbone.http.build import build_http
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.machine import Machine
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.backbone.testing.unwired import unwired
from samverkan.funding.app import build
from samverkan.funding.machines import MACHINES
from samverkan.funding.settings import FundingSettings

_keys = count(1)
COMMANDS: list[tuple[str, str, dict[str, Any]]] = [
    ("compensation", "/compensations/{}/check", {"checked_on": "2026-02-16"}),
    ("compensation", "/compensations/{}/receipts", {"receiver": "employer", "received_on": "2026-02-23"}),
    ("compensation", "/compensations/{}/claims/2026-03-01/credit", {"credited_on": "2026-05-12"}),
    ("budget", "/budgets/{}/adoption", {"adopted_on": "2025-11-28"}),
    ("insats", "/insatser/{}/start", {"started_on": "2026-01-01"}),
]


async def begin(runtime: MemoryRuntime, machine: Machine) -> UUID:
    """A stream of this aggregate, begun by whichever of its example commands begins one."""
    for command in machine.commands.values():
        stream_id = UUID(int=next(_keys))
        order, context = Order(machine.aggregate, stream_id, command), Context(runtime.now(), UUID(int=next(_keys)))
        with suppress(Refused):
            if (await runtime.execute(order, context)).version:
                return stream_id
    raise AssertionError(machine.aggregate.name)


async def test_a_command_on_the_id_of_another_aggregate_is_not_found_and_writes_nothing() -> None:
    runtime = MemoryRuntime(build(unwired(FundingSettings)), datetime(2026, 5, 8, 8, 0, tzinfo=UTC))
    app = build_http(runtime.service, runtime, Health())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://funding") as client:
        for machine in MACHINES:
            stream_id = await begin(runtime, machine)
            before = list(runtime.streams[stream_id])
            for own, path, body in COMMANDS:
                if own == machine.aggregate.name:
                    continue
                agency = "forbund" if own == "budget" else "af"
                headers = {"Idempotency-Key": f"k-{next(_keys)}", "Samverkan-Agency": agency, "Samverkan-Actor": "a-1"}
                answer = await client.post(path.format(stream_id), json=body, headers=headers)
                assert answer.status_code == 404, (path, machine.aggregate.name)
            assert runtime.streams[stream_id] == before
