"""Intake without database and broker, for tests of what it answers over HTTP."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from samverkan.backbone.http.build import build_http
from samverkan.backbone.service import Service
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.backbone.testing.unwired import unwired
from samverkan.intake import api_examples
from samverkan.intake.app import build
from samverkan.intake.settings import IntakeSettings


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    key: Path = tmp_path_factory.mktemp("intake") / "key"
    key.write_bytes(bytes(32))
    return build(unwired(IntakeSettings, blind_index_key_file=key))


@pytest.fixture
def runtime(service: Service) -> MemoryRuntime:
    return MemoryRuntime(service, datetime(2026, 2, 10, 8, 0, tzinfo=UTC))


@pytest.fixture
async def client(runtime: MemoryRuntime) -> AsyncIterator[httpx.AsyncClient]:
    app = build_http(runtime.service, runtime, Health())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://intake") as client:
        yield client


@pytest.fixture
async def case(client: httpx.AsyncClient, runtime: MemoryRuntime) -> str:
    """The path of an active case, on 4 March."""
    api_examples.at(runtime, 3, 4)
    return await api_examples.enrolled(client)
