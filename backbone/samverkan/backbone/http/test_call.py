"""Commands and queries over HTTP: what a request becomes, and what it is answered."""

import hashlib
import json
from datetime import date
from uuid import UUID

import httpx
import pytest

from samverkan.backbone.errors import Permanent, Refused, Transient
from samverkan.backbone.http.conftest import HEADERS, NOW, PLACEMENT, FakeRuntime, Start

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
START = f"/samples/{PLACEMENT}/start"
BODY = {"starts_on": "2026-03-02"}


async def test_a_command_is_answered_with_version_and_etag(client: httpx.AsyncClient, runtime: FakeRuntime) -> None:
    answer = await client.post(START, json=BODY, headers={**HEADERS, "Samverkan-Actor": "caseworker-7"})
    assert answer.status_code == 200
    assert answer.headers["etag"] == '"4"'
    assert "location" not in answer.headers
    assert answer.json() == {"stream_id": str(PLACEMENT), "version": 4, "events": ["Startd"], "repeated": False}
    (call,) = runtime.calls
    assert call.order.command == Start(date(2026, 3, 2), today=date(2026, 3, 2))  # 23:30 UTC on 1 March
    assert (call.context.now, call.context.agency, call.context.actor) == (NOW, "af", "caseworker-7")
    assert call.expected_version is None


async def test_a_repeated_request_has_the_same_command_id_and_digest_and_is_carried_out_once(
    client: httpx.AsyncClient, runtime: FakeRuntime
) -> None:
    first = await client.post(START, json=BODY, headers=HEADERS)
    again = await client.post(START, json=BODY, headers=HEADERS)
    assert again.json() == {**first.json(), "repeated": True}
    assert runtime.calls[0].context.command_id == runtime.calls[1].context.command_id
    assert runtime.calls[0].idempotency == runtime.calls[1].idempotency


async def test_the_digest_covers_method_path_query_agency_and_body(
    client: httpx.AsyncClient, runtime: FakeRuntime
) -> None:
    await client.post(START + "?x=1", content=b'{"starts_on":"2026-03-02"}', headers={**HEADERS, **_JSON})
    parts = (b"POST", START.encode(), b"x=1", b"af", b'{"starts_on":"2026-03-02"}')
    expected = hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).digest()
    assert runtime.calls[0].idempotency is not None
    assert runtime.calls[0].idempotency.request_digest == expected


@pytest.mark.parametrize(
    ("path", "body", "agency"),
    [
        (START, {"starts_on": "2026-03-03"}, "af"),
        (START + "?x=1", BODY, "af"),
        (f"/samples/{PLACEMENT}/touch", BODY, "af"),
    ],
)
async def test_a_key_that_stands_for_another_request_is_refused(
    client: httpx.AsyncClient, path: str, body: dict[str, str], agency: str
) -> None:
    await client.post(START, json=BODY, headers=HEADERS)
    answer = await client.post(path, json=body, headers={**HEADERS, "Samverkan-Agency": agency})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")


async def test_two_agencies_may_choose_the_same_key(client: httpx.AsyncClient, runtime: FakeRuntime) -> None:
    await client.post(START, json=BODY, headers=HEADERS)
    answer = await client.post(START, json=BODY, headers={**HEADERS, "Samverkan-Agency": "kommun"})
    assert (answer.status_code, answer.json()["repeated"]) == (200, False)
    assert runtime.calls[0].context.command_id != runtime.calls[1].context.command_id


async def test_a_creation_is_201_with_its_location_and_the_same_when_repeated(client: httpx.AsyncClient) -> None:
    first = await client.post("/samples", json={"name": "x"}, headers=HEADERS)
    again = await client.post("/samples", json={"name": "x"}, headers=HEADERS)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.headers["location"] == again.headers["location"] == f"/samples/{first.json()['stream_id']}"
    assert (await client.get(first.headers["location"])).status_code == 200


async def test_a_creation_that_found_an_older_stream_is_no_creation(
    client: httpx.AsyncClient, runtime: FakeRuntime
) -> None:
    first = await client.post("/samples", json={"name": "x"}, headers=HEADERS)
    runtime.replies.clear()  # as under a blind index: another request that ends in the same stream
    again = await client.post("/samples", json={"name": "x"}, headers=HEADERS)
    assert first.json()["stream_id"] == again.json()["stream_id"]
    assert (again.status_code, again.json()["version"], again.headers.get("location")) == (200, 2, None)


async def test_if_match_is_handed_on_and_a_moved_stream_is_412_with_both_versions(
    client: httpx.AsyncClient, runtime: FakeRuntime
) -> None:
    answer = await client.post(START, json=BODY, headers={**HEADERS, "If-Match": '"2"'})
    assert (answer.status_code, answer.json()["code"]) == (412, "version-conflict")
    assert answer.json()["details"] == {"expected_version": "2", "actual_version": "3"}
    assert "version 2" in answer.json()["detail"]
    assert runtime.calls[0].expected_version == 2
    answer = await client.post(START, json=BODY, headers={**HEADERS, "If-Match": '"3"'})
    assert answer.status_code == 200


@pytest.mark.parametrize("missing", HEADERS)
async def test_a_missing_header_is_400_and_named(client: httpx.AsyncClient, missing: str) -> None:
    headers = {name: value for name, value in HEADERS.items() if name != missing}
    answer = await client.post(START, json=BODY, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "header-missing")
    assert answer.json()["errors"] == [{"field": f"header.{missing}", "type": "missing"}]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Idempotency-Key", ""),
        ("Idempotency-Key", "k" * 201),
        ("Idempotency-Key", "two words"),
        ("Idempotency-Key", "nyckel-\xe5"),
        ("Samverkan-Agency", "polisen"),
        ("Samverkan-Agency", "af kommun"),
        ("Samverkan-Agency", "AF"),
        ("Samverkan-Actor", ""),
        ("Samverkan-Actor", "Anna Andersson"),
        ("Samverkan-Actor", "a" * 65),
        ("Samverkan-Actor", "198808112380"),
        ("Samverkan-Actor", "x-1234567890"),
        ("Samverkan-Actor", "19880811-2380"),
        ("Samverkan-Actor", "x880811-2380"),
        ("If-Match", "3"),
        ("If-Match", '"0"'),
        ("If-Match", '"-1"'),
        ("If-Match", 'W/"3"'),
        ("If-Match", "*"),
        ("If-Match", '"9999999999"'),
    ],
)
async def test_a_malformed_header_is_400_and_its_value_is_not_repeated(
    client: httpx.AsyncClient, runtime: FakeRuntime, name: str, value: str
) -> None:
    answer = await client.post(START, json=BODY, headers=httpx.Headers({**HEADERS, name: value}, encoding="latin-1"))
    assert (answer.status_code, answer.json()["code"]) == (400, "header-invalid")
    assert [error["field"] for error in answer.json()["errors"]] == [f"header.{name}"]
    assert len(value) < 8 or value not in answer.text
    assert runtime.calls == []


async def test_the_trace_is_handed_on(client: httpx.AsyncClient, runtime: FakeRuntime) -> None:
    await client.post(START, json=BODY, headers={**HEADERS, "traceparent": TRACEPARENT})
    assert runtime.calls[0].context.traceparent == TRACEPARENT


@pytest.mark.parametrize("bad", ["", "x", TRACEPARENT.upper(), "00-" + "0" * 32 + "-b7ad6b7169203331-01", "1" * 9_000])
async def test_a_malformed_trace_is_not_continued(client: httpx.AsyncClient, runtime: FakeRuntime, bad: str) -> None:
    answer = await client.post(START, json=BODY, headers={**HEADERS, "traceparent": bad})
    assert answer.status_code == 200
    assert runtime.calls[0].context.traceparent is None


async def test_a_command_without_a_body_needs_none(client: httpx.AsyncClient) -> None:
    assert (await client.post(f"/samples/{PLACEMENT}/touch", headers=HEADERS)).status_code == 200


async def test_one_request_carries_one_command(client: httpx.AsyncClient) -> None:
    assert (await client.post(f"/samples/{PLACEMENT}/twice", headers=HEADERS)).status_code == 500


async def test_a_refusal_has_its_text_details_and_status(client: httpx.AsyncClient) -> None:
    answer = await client.post(START, json={"starts_on": "2026-03-01"}, headers=HEADERS)
    problem = answer.json()
    assert UUID(problem.pop("instance").removeprefix("urn:uuid:")).version == 4
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem == {
        "type": "urn:samverkan:problem:starts-before-decision",
        "title": "För tidigt",
        "status": 409,
        "detail": "Beslutet är från 2026-03-02.",
        "code": "starts-before-decision",
        "details": {"decided_on": "2026-03-02"},
        "errors": [],
    }


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Refused("not-found"), 404, "not-found"),
        (Refused("forbidden-here"), 403, "forbidden-here"),
        (Refused("nobody-wrote-a-text"), 409, "nobody-wrote-a-text"),
        (Refused("event-too-large", size="2", limit="1"), 413, "event-too-large"),
        (Transient("database-unreachable"), 503, "temporarily-unavailable"),
        (Transient("not-ready"), 503, "not-ready"),
        (Transient("read-only"), 503, "read-only"),
        (Permanent("database-refused"), 500, "internal-error"),
        (RuntimeError("Anna Andersson 198808112380"), 500, "internal-error"),
    ],
)
async def test_each_error_has_its_status(
    client: httpx.AsyncClient, runtime: FakeRuntime, error: Exception, status: int, code: str
) -> None:
    runtime.raises = error
    answer = await client.post(START, json=BODY, headers=HEADERS)
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (status, code, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert ("retry-after" in answer.headers) == (status == 503)
    assert "198808112380" not in answer.text


async def test_a_row_is_answered_with_its_version_and_not_sent_twice(client: httpx.AsyncClient) -> None:
    first = await client.get(f"/samples/{PLACEMENT}")
    assert (first.status_code, first.headers["etag"]) == (200, '"3"')
    assert first.json() == {"id": str(PLACEMENT), "version": 3, "name": "x"}
    for known in ('"3"', 'W/"3"', '"2", "3"'):
        again = await client.get(f"/samples/{PLACEMENT}", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", '"3"')
    assert (await client.get(f"/samples/{PLACEMENT}", headers={"If-None-Match": '"2"'})).status_code == 200


async def test_a_row_that_is_not_there_is_404(client: httpx.AsyncClient) -> None:
    answer = await client.get("/samples/22222222-2222-4222-8222-222222222222")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_a_query_may_be_refused_too(client: httpx.AsyncClient) -> None:
    answer = await client.get("/samples/00000000-0000-0000-0000-000000000000")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden-here")


async def test_a_page_begins_after_a_key_and_is_bounded(client: httpx.AsyncClient, runtime: FakeRuntime) -> None:
    answer = await client.get("/samples", params={"after": str(PLACEMENT), "limit": 500, "name": "x"})
    assert answer.status_code == 200
    assert runtime.selected == {"after": PLACEMENT, "limit": 500, "name": "x"}
    await client.get("/samples")
    assert runtime.selected == {"after": None, "limit": 100}


@pytest.mark.parametrize(("name", "value"), [("limit", "0"), ("limit", "501"), ("limit", "x"), ("after", "no-uuid")])
async def test_a_malformed_page_is_422(client: httpx.AsyncClient, name: str, value: str) -> None:
    answer = await client.get("/samples", params={name: value})
    assert (answer.status_code, answer.json()["code"]) == (422, "validation-failed")
    assert [error["field"] for error in answer.json()["errors"]] == [f"query.{name}"]


async def test_validation_names_fields_and_kinds_and_never_what_was_sent(client: httpx.AsyncClient) -> None:
    secret = "198808112380"
    body = {"name": 7, "scores": {secret: secret + "x", "Anna": "x"}, secret: 1}
    answer = await client.post("/samples", json=body, headers=HEADERS)
    assert answer.status_code == 422
    assert sorted((error["field"], error["type"]) for error in answer.json()["errors"]) == [
        ("body.*", "extra_forbidden"),
        ("body.name", "string_type"),
        ("body.scores.*", "int_type"),
        ("body.scores.*", "int_type"),
    ]
    assert secret not in answer.text
    assert "Anna" not in answer.text


async def test_a_thousand_wrong_fields_do_not_get_a_thousand_lines(client: httpx.AsyncClient) -> None:
    body = {f"x{number}": 1 for number in range(60)}
    answer = await client.post("/samples", json=body, headers=HEADERS)
    assert len(answer.json()["errors"]) == 20


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "x"])
async def test_days_that_no_calendar_here_can_compute_with_are_422(client: httpx.AsyncClient, day: str) -> None:
    assert (await client.post(START, json={"starts_on": day}, headers=HEADERS)).status_code == 422


_JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "json-malformed"),
        (b"\xff\xfe", "json-malformed"),
        (b"[" * 900, "json-malformed"),
        (b'{"starts_on": ' + b"9" * 900 + b"}", "validation-failed"),
        (b'{"name": "\xc3\x28"}', "json-malformed"),
        (b"", "validation-failed"),
        (b"null", "validation-failed"),
        (json.dumps({"starts_on": "\ud800"}).encode(), "validation-failed"),
        (b'{"starts_on": NaN}', "validation-failed"),
    ],
)
async def test_a_body_that_is_not_what_it_should_be(client: httpx.AsyncClient, content: bytes, code: str) -> None:
    answer = await client.post(START, content=content, headers={**HEADERS, **_JSON})
    assert (answer.status_code, answer.json()["code"]) == (422 if code == "validation-failed" else 400, code)


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/json2", "x"]
)
async def test_a_body_that_does_not_say_json_is_415(client: httpx.AsyncClient, media_type: str) -> None:
    answer = await client.post(START, content=b"{}", headers={**HEADERS, "Content-Type": media_type})
    assert (answer.status_code, answer.json()["code"]) == (415, "media-type-unsupported")


async def test_a_command_that_the_policy_does_not_give_to_that_agency_is_refused(
    client: httpx.AsyncClient, runtime: FakeRuntime
) -> None:
    answer = await client.post("/samples", json={"name": "x"}, headers={**HEADERS, "Samverkan-Agency": "forbund"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")
    assert runtime.calls == []
