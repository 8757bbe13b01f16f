"""The server as it runs: no name in its answers, no signal handlers, no dead open port."""

import asyncio
import signal

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from samverkan.backbone.http.server import HttpServer, http_server
from samverkan.backbone.settings import Settings


def settings(port: int) -> Settings:
    return Settings(
        database_url=SecretStr("postgresql:///x"), kafka_bootstrap="127.0.0.1:1", http_port=port, drain_seconds=1
    )


async def started(server: HttpServer) -> tuple[asyncio.Task[None], int]:
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    return task, server.servers[0].sockets[0].getsockname()[1]


async def test_it_answers_without_telling_what_it_is_and_stops_when_told(app: FastAPI) -> None:
    before = signal.getsignal(signal.SIGTERM)
    server = http_server(app, settings(0))
    task, port = await started(server)
    assert signal.getsignal(signal.SIGTERM) is before
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        answer = await client.get("/health/live")
        assert (answer.status_code, answer.headers.get("server")) == (200, None)
        answer = await client.post("/samples", content=b" " * 2_000, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    server.should_exit = True
    async with asyncio.timeout(5):
        await task


async def test_a_busy_port_ends_the_process(app: FastAPI) -> None:
    first = http_server(app, settings(0))
    task, port = await started(first)
    with pytest.raises(SystemExit):
        await http_server(app, settings(port)).serve()
    first.should_exit = True
    async with asyncio.timeout(5):
        await task
