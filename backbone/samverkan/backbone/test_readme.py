"""The example of backbone/README.md is a service that runs."""

import importlib
import re
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from samverkan.backbone.http.build import build_http
from samverkan.backbone.http.texts import missing_texts
from samverkan.backbone.service import Service
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.schemas.catalogue import PLACEMENT as TOPIC
from samverkan.schemas.placement import DecisionRecorded

README = Path(__file__).parents[2] / "README.md"
PLACEMENT = UUID("11111111-1111-4111-8111-111111111111")
CASE = UUID("22222222-2222-4222-8222-222222222222")
HEADERS = {"Idempotency-Key": "k", "Samverkan-Agency": "kommun"}


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    folder = tmp_path / "samverkan" / "example"
    (folder / "texts").mkdir(parents=True)
    blocks = dict(re.findall(r"```(?:python|toml)\n# ([a-z/]+\.[a-z]+)[^\n]*\n(.*?)```", README.read_text(), re.DOTALL))
    for name, text in blocks.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "texts" / "en.toml").write_text(blocks["texts/sv.toml"], encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    built = importlib.import_module("samverkan.example.app").build(None)
    assert isinstance(built, Service)
    return built


async def test_the_example_refuses_an_early_start_and_accepts_one_on_the_day_of_the_decision(service: Service) -> None:
    runtime = MemoryRuntime(service, datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
    decided = DecisionRecorded(compensation_id=CASE, granted=True, decided_on=date(2026, 3, 5))
    await runtime.happened(TOPIC, PLACEMENT, decided)
    app = build_http(service, runtime, Health())
    path = f"/placements/{PLACEMENT}"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://example") as client:
        early = await client.post(
            f"{path}/start", json={"case_id": str(CASE), "starts_on": "2026-03-02"}, headers=HEADERS
        )
        assert (early.status_code, early.json()["title"]) == (409, "För tidig start")
        assert "2026-03-05" in early.json()["detail"]
        started = await client.post(
            f"{path}/start", json={"case_id": str(CASE), "starts_on": "2026-03-05"}, headers=HEADERS
        )
        assert (started.status_code, started.json()["events"]) == (200, ["PlacementStarted"])
        assert (await client.get(path)).json()["starts_on"] == "2026-03-05"


def test_the_example_has_its_texts(service: Service) -> None:
    assert missing_texts(service, {"no-decision", "starts-before-decision"}) == []
