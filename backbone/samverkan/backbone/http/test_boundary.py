"""What every request passes first and every answer last."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
import structlog
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from prometheus_client import generate_latest

from samverkan.backbone.http.boundary import SECURITY_HEADERS
from samverkan.backbone.http.conftest import HEADERS, PLACEMENT, FakeRuntime
from samverkan.backbone.telemetry.metrics import REGISTRY

JSON = {**HEADERS, "Content-Type": "application/json"}
LIMIT = 1_000  # of the fixture `app`


async def test_a_body_at_the_limit_is_read_and_one_byte_more_is_413(client: httpx.AsyncClient) -> None:
    fits = await client.post("/samples", content=b'{"name": "x"}'.ljust(LIMIT), headers=JSON)
    assert fits.status_code == 201
    answer = await client.post("/samples", content=b'{"name": "x"}'.ljust(LIMIT + 1), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    assert answer.json()["details"] == {"limit_bytes": "1000"}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_of_unknown_length_is_not_read_beyond_the_limit(client: httpx.AsyncClient) -> None:
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        while given < 100:
            given += 1
            yield b" " * 300

    answer = await client.post("/samples", content=endless(), headers=JSON)
    assert answer.status_code == 413
    assert given == 4


@pytest.mark.parametrize("length", ["9" * 400, "1001"])
async def test_an_announced_length_beyond_the_limit_is_413_before_a_byte_is_read(
    client: httpx.AsyncClient, length: str
) -> None:
    answer = await client.post("/samples", content=b"", headers={**JSON, "Content-Length": length})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/samples", b'{"name": "x\\u0000y"}'),
        ("/samples", b'{"name": "x\\\\\\u0000y"}'),
        ("/samples?after=%00", b'{"name": "x"}'),
        ("/samples/%00", b'{"name": "x"}'),
    ],
)
async def test_a_nul_is_400_wherever_it_stands_for_the_database_cannot_store_it(
    client: httpx.AsyncClient, path: str, content: bytes
) -> None:
    answer = await client.post(path, content=content, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "text-unstorable")


async def test_a_text_about_nul_is_not_a_nul(client: httpx.AsyncClient) -> None:
    answer = await client.post("/samples", content=json.dumps({"name": "\\u0000"}).encode(), headers=JSON)
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"/samples/{PLACEMENT}", 200),
        ("GET", "/nothing", 404),
        ("GET", "/docs", 404),
        ("GET", "/redoc", 404),
        ("GET", "/samples/", 404),
        ("DELETE", f"/samples/{PLACEMENT}", 405),
        ("GET", "/samples/no-uuid", 422),
        ("POST", "/samples", 400),
        ("GET", "/openapi.json", 200),
        ("GET", "/metrics", 200),
    ],
)
async def test_every_answer_carries_the_same_headers_and_every_problem_the_same_form(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await client.request(method, path)
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert "server" not in answer.headers
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
        assert answer.headers["content-language"] == "sv"
        assert answer.headers["vary"] == "Accept-Language"


async def test_a_method_that_is_not_there_is_405_and_says_which_are(client: httpx.AsyncClient) -> None:
    answer = await client.put(f"/samples/{PLACEMENT}")
    assert (answer.json()["code"], answer.headers["allow"]) == ("method-not-allowed", "GET")


async def test_an_error_of_ours_is_500_without_its_message_and_is_logged(
    client: httpx.AsyncClient, runtime: FakeRuntime
) -> None:
    runtime.raises = RuntimeError("Anna Andersson")
    with structlog.testing.capture_logs() as logged:
        answer = await client.post(f"/samples/{PLACEMENT}/touch", headers=HEADERS)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
    assert "Anna" not in answer.text
    assert [line["event"] for line in logged] == ["request-failed", "request"]


async def test_the_log_line_and_the_metric_of_a_request_name_the_route_and_no_id(client: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as logged:
        await client.get(f"/samples/{PLACEMENT}")
        await client.get(f"/other/{PLACEMENT}")
        await client.request("X" * 50, "/samples")
    routes = [(line["method"], line["route"], line["status"]) for line in logged]
    assert routes == [
        ("GET", "/samples/{sample_id}", "200"),
        ("GET", "unmatched", "404"),
        ("other", "/samples", "405"),
    ]
    assert str(PLACEMENT) not in str(logged)
    exposition = generate_latest(REGISTRY).decode()
    assert 'http_requests_total{method="GET",route="/samples/{sample_id}",status="200"}' in exposition
    assert str(PLACEMENT) not in exposition


async def test_every_log_line_of_a_request_carries_the_id_that_its_answer_names(
    client: httpx.AsyncClient, runtime: FakeRuntime
) -> None:
    runtime.raises = RuntimeError("x")
    processors = [structlog.contextvars.merge_contextvars]
    with structlog.testing.capture_logs(processors=processors) as logged:
        answer = await client.post(
            f"/samples/{PLACEMENT}/touch",
            headers={**HEADERS, "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
        )
    assert {f"urn:uuid:{line['request_id']}" for line in logged} == {answer.json()["instance"]}
    assert {line["trace_id"] for line in logged} == {"0af7651916cd43dd8448eb211c80319c"}
    assert "request_id" not in structlog.contextvars.get_contextvars()


async def test_half_an_answer_is_cut_and_not_continued_as_a_problem(app: FastAPI) -> None:
    async def half() -> AsyncIterator[bytes]:
        yield b"half"
        raise RuntimeError("x")

    @app.get("/half")
    async def endpoint() -> StreamingResponse:
        return StreamingResponse(half())

    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        with pytest.raises(RuntimeError):
            await client.get("/half")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "sv"),
        ("", "sv"),
        ("en", "en"),
        ("EN-gb,en;q=0.9", "en"),
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("en;q=0.3, sv;q=0.4", "sv"),
        ("de, en;q=0.5", "en"),
        ("de", "sv"),
        ("*", "sv"),
        ("en;q=0", "sv"),
        ("en;q=x", "sv"),
        (",;,;q=1,-", "sv"),
        ("en," * 2_000, "en"),
    ],
)
async def test_problems_speak_the_callers_language(
    client: httpx.AsyncClient, header: str | None, language: str
) -> None:
    answer = await client.get("/nothing", headers={} if header is None else {"Accept-Language": header})
    assert answer.json()["title"] == {"sv": "Finns inte", "en": "Not found"}[language]
    assert answer.headers["content-language"] == language


def test_the_frameworks_own_telemetry_is_off(app: FastAPI) -> None:
    assert not app._native_telemetry.enabled()
