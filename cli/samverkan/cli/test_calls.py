"""A request that is sent until it is answered."""

from collections.abc import Iterator

import httpx
import pytest

from samverkan.cli.calls import NoAnswer, send


def answering(*answers: httpx.Response | Exception, keys: list[str] | None = None) -> httpx.AsyncClient:
    left: Iterator[httpx.Response | Exception] = iter(answers)

    def handle(request: httpx.Request) -> httpx.Response:
        if keys is not None:
            keys.append(request.headers["Idempotency-Key"])
        answer = next(left)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return httpx.AsyncClient(transport=httpx.MockTransport(handle))


async def test_a_lost_connection_and_a_503_are_sent_again_with_the_same_key() -> None:
    keys: list[str] = []
    lost = httpx.ReadError("gone")
    async with answering(lost, httpx.Response(503), httpx.Response(201, json={"stream_id": "x"}), keys=keys) as http:
        answer = await send(http, "POST", "http://intake/referrals", headers={"Idempotency-Key": "run/1"}, body={})
    assert (answer.status, answer.attempts, keys) == (201, 3, ["run/1"] * 3)


async def test_a_refusal_is_an_answer() -> None:
    problem = httpx.Response(409, json={"code": "starts-before-decision"})
    async with answering(problem) as http:
        answer = await send(http, "POST", "http://placement/start", headers={"Idempotency-Key": "run/1"}, body={})
    assert (answer.status, answer.problem, answer.attempts) == (409, "starts-before-decision", 1)


async def test_silence_ends_at_the_deadline() -> None:
    async with answering(*[httpx.ConnectError("refused")] * 50) as http:
        with pytest.raises(NoAnswer, match="no answer within 0 s, at last ConnectError"):
            await send(http, "GET", "http://intake/cases", headers={"Idempotency-Key": "x"}, deadline_seconds=0.2)
