"""Health and metrics over HTTP."""

import httpx

from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.telemetry.metrics import RELAY_LAG_EVENTS


async def test_live_is_503_when_one_loop_is_stuck_and_says_which(client: httpx.AsyncClient, health: Health) -> None:
    health.progress("relay", 60.0)
    answer = await client.get("/health/live")
    assert (answer.status_code, answer.json()["live"]) == (200, True)
    health.progress("subscription", -1.0)
    answer = await client.get("/health/live")
    assert answer.status_code == 503
    assert [(loop["name"], loop["stuck"]) for loop in answer.json()["loops"]] == [
        ("relay", False),
        ("subscription", True),
    ]


async def test_ready_is_503_with_reasons_until_everything_holds(client: httpx.AsyncClient, health: Health) -> None:
    reasons: list[str | None] = ["log-not-compared"]
    health.condition("log", lambda: reasons[0])
    answer = await client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "unmet": [{"name": "log", "reason": "log-not-compared"}]}
    reasons[0] = None
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "unmet": []})


async def test_metrics_come_in_prometheus_form(client: httpx.AsyncClient) -> None:
    RELAY_LAG_EVENTS.set(3)
    answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "relay_lag_events 3.0" in answer.text.splitlines()
