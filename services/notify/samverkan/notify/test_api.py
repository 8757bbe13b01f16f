"""Who was told, through HTTP."""

from datetime import UTC, datetime

import httpx

from samverkan.backbone.http.build import build_http
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.contract import check_contract
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.notify.app import build
from samverkan.notify.delivery.test_worker import PLACEMENT_ID, settings_for, teller
from samverkan.notify.test_reactions import CASE, STARTED
from samverkan.schemas.catalogue import PLACEMENT


async def test_notifications_of_a_case_are_listed_and_read() -> None:
    runtime = MemoryRuntime(build(settings_for(25)), datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
    await runtime.happened(PLACEMENT, PLACEMENT_ID, STARTED)
    await teller().tell(runtime)
    app = build_http(runtime.service, runtime, Health())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://notify") as client:
        listed = (await client.get(f"/notifications?case_id={CASE}&state=queued")).json()
        assert sorted(row["recipient"] for row in listed) == ["af", "kommun"]
        one = (await client.get(f"/notifications/{listed[0]['notification_id']}")).json()
        assert one == listed[0]
        assert (await client.get("/notifications?recipient=region")).json() == []
        assert (await client.get(f"/notifications/{CASE}")).status_code == 404


def test_every_endpoint_keeps_its_contract() -> None:
    runtime = MemoryRuntime(build(settings_for(25)), datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
    app = build_http(runtime.service, runtime, Health())
    # Those that read tables of the database itself: test_stream.py and test_attempts.py.
    assert check_contract(app, examples=15, skip=("/notifications/stream", "/notifications/stuck")) >= 8
