"""The contract: schemathesis finds no answer that is not in it, and no 5xx."""

from dataclasses import replace

import pytest
from fastapi import APIRouter, FastAPI, Response
from schemathesis.core.failures import FailureGroup

from samverkan.backbone.http.build import build_http
from samverkan.backbone.http.conftest import FakeRuntime
from samverkan.backbone.http.openapi import COMMAND_RESPONSES, complete
from samverkan.backbone.service import Service
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.contract import check_contract


def test_no_undocumented_answer_and_no_5xx(app: FastAPI) -> None:
    assert check_contract(app, examples=12, skip=["/samples/{sample_id}/twice"]) == 8


@pytest.mark.parametrize("status", [418, 500])
def test_an_undocumented_status_or_a_5xx_would_be_found(service: Service, status: int) -> None:
    """The check itself, fed bad cases."""
    router = APIRouter()

    @router.get("/teapot")
    async def teapot(response: Response) -> None:
        response.status_code = status

    app = build_http(replace(service, routers=(router,)), FakeRuntime(), Health())
    with pytest.raises(FailureGroup):
        check_contract(app, examples=1)


async def test_every_command_documents_the_problems_and_both_successes(app: FastAPI) -> None:
    document = app.openapi()
    assert document["openapi"].startswith("3.1")
    for path in ("/samples", "/samples/{sample_id}/start", "/samples/{sample_id}/touch"):
        responses = document["paths"][path]["post"]["responses"]
        assert set(responses) == {"200", "201", "403"} | {str(status) for status in COMMAND_RESPONSES}
        assert list(responses["409"]["content"]) == ["application/problem+json"]
        assert "ETag" in responses["200"]["headers"]
    query = document["paths"]["/samples/{sample_id}"]["get"]["responses"]
    assert set(query) == {"200", "304", "400", "403", "404", "409", "422", "503"}


async def test_completing_twice_changes_nothing(app: FastAPI) -> None:
    once = app.openapi()
    before = str(once)
    assert str(complete(once, {403})) == before
