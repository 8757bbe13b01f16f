"""The outermost layer of every request: its id and trace, its size, its metrics and log line, its headers.

Pure ASGI, outside everything that the framework does, so that no answer leaves without having passed here.
"""

import re
from collections.abc import Mapping
from time import perf_counter
from typing import Final
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from samverkan.backbone.http.problems import Problems
from samverkan.backbone.telemetry.metrics import HTTP_REQUEST_SECONDS, HTTP_REQUESTS

_log = structlog.stdlib.get_logger(__name__)

# For an API that answers JSON with personal data in it: no cache keeps it, no browser renders or frames it.
SECURITY_HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# A label takes what a caller sends, so it takes only what is known.
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET: Final = ("/health/", "/metrics")  # asked for every few seconds by machines

# W3C Trace Context, version 00; an id of zeros only is invalid.
_TRACEPARENT: Final = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
# JSON's escape of NUL, not preceded by an odd backslash: PostgreSQL stores no such character.
_ESCAPED_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class Boundary:
    """Reads the body before anything else runs, so it is bounded, at hand for the digest, and answered the same way.

    The framework's own limit answers in plain text and does not keep the bytes. Memory: at most `max_body_bytes` and
    one network read for each open request.
    """

    def __init__(self, app: ASGIApp, problems: Problems, max_body_bytes: int) -> None:
        self._app = app
        self._problems = problems
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started_at = perf_counter()
        state = scope.setdefault("state", {})
        state["request_id"] = uuid4()
        state["traceparent"] = traceparent(Headers(scope=scope).get("traceparent"))
        trace_id = None if state["traceparent"] is None else state["traceparent"].split("-")[1]
        with structlog.contextvars.bound_contextvars(request_id=str(state["request_id"]), trace_id=trace_id):
            answer = _Answer(send)
            try:
                await self._handle(scope, receive, answer)
            finally:
                _tell(scope, answer.status, perf_counter() - started_at)

    async def _handle(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        headers, request_id = Headers(scope=scope), scope["state"]["request_id"]
        body = await self._read(headers, receive)
        if body is None:
            limit = {"limit_bytes": str(self._max_body_bytes)}
            refusal = self._problems.answer(headers, request_id, "body-too-large", details=limit)
            await refusal(scope, receive, answer)
            return
        if "\0" in scope["path"] or b"%00" in scope["query_string"] or _ESCAPED_NUL.search(body):
            await self._problems.answer(headers, request_id, "text-unstorable")(scope, receive, answer)
            return
        scope["state"]["body"] = body
        try:
            await self._app(scope, _replay(body, receive), answer)
        except Exception:
            _log.exception("request-failed")
            if answer.status is None:
                await self._problems.answer(headers, request_id, "internal-error")(scope, receive, answer)
            else:
                raise  # half an answer has left: only closing the connection tells the caller

    async def _read(self, headers: Headers, receive: Receive) -> bytes | None:
        """The whole body, or None when it is larger than allowed; then the rest of it is never read."""
        announced = headers.get("content-length", "")
        if announced.isdecimal() and (len(announced) > 18 or int(announced) > self._max_body_bytes):
            return None
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return bytes(body)
            body += message.get("body", b"")
            if len(body) > self._max_body_bytes:
                return None
            if not message.get("more_body", False):
                return bytes(body)


class _Answer:
    """`send`, noting the status and adding the headers that every answer carries."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status: int | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers[name] = value
        await self._send(message)


def traceparent(header: str | None) -> str | None:
    """The caller's trace context, or None when it is absent or malformed: then a trace is not continued (W3C)."""
    return header if header is not None and _TRACEPARENT.fullmatch(header) else None


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _tell(scope: Scope, status: int | None, seconds: float) -> None:
    """Count and log by the route's template: a path holds ids."""
    method = scope["method"] if scope["method"] in _METHODS else "other"
    route = str(getattr(scope.get("route"), "path", "unmatched"))
    outcome = "aborted" if status is None else str(status)
    HTTP_REQUESTS.inc(method=method, route=route, status=outcome)
    HTTP_REQUEST_SECONDS.observe(seconds, method=method, route=route)
    log = _log.debug if route.startswith(_QUIET) else _log.info
    log("request", method=method, route=route, status=outcome, seconds=round(seconds, 4))
