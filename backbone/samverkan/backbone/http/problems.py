"""Errors as RFC 9457 `application/problem+json`, in the caller's language, without a word of what the caller sent."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

from samverkan.backbone.errors import Refused, SamverkanError, Transient, VersionConflict
from samverkan.backbone.http.texts import STATUS_OF_A_REFUSAL, Texts, preferred_language

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = 1  # a failover takes longer, a deadlock less; the caller's own backoff does the rest
_ERRORS_MAX: Final = 20  # of one answer: a body of ten thousand wrong entries does not get ten thousand lines

_log = structlog.stdlib.get_logger(__name__)

# Raised by the framework itself, not by us.
_CODE_OF_STATUS: Final = {
    400: "json-malformed",  # only for a body: bytes that are not UTF-8, numbers or nesting beyond all measure
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
}


class FieldError(BaseModel):
    """One thing that is wrong with the input. `field` names where; a part that is not one of our names is `*`."""

    field: str
    type: str


class Problem(BaseModel):
    """Why a request was not carried out. Programs go by `code`, people by `title` and `detail`."""

    type: str = Field(description="urn:samverkan:problem:<code>")
    title: str
    status: int
    detail: str
    code: str
    instance: str = Field(description="urn:uuid:<request id>: what to name when asking for help")
    details: dict[str, str] = Field(default_factory=dict)
    errors: list[FieldError] = Field(default_factory=list)


class Problems:
    """Makes the answers and registers the handlers of one application."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._names: frozenset[str] = frozenset()

    def register(self, app: FastAPI) -> None:
        """Answer every error that may come out of an endpoint or a dependency. An unforeseen one: boundary.py."""
        app.add_exception_handler(SamverkanError, self._samverkan_error)
        app.add_exception_handler(RequestValidationError, self._validation_error)
        app.add_exception_handler(HTTPException, self._framework_error)

    def tell_names(self, names: Iterable[str]) -> None:
        """The field and parameter names of our own contract: the only ones that an answer repeats."""
        self._names = frozenset(name.lower() for name in names)

    def answer(
        self,
        headers: Headers,
        request_id: UUID,
        code: str,
        *,
        status: int | None = None,
        details: Mapping[str, str] | None = None,
        errors: list[FieldError] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> Response:
        """The answer for `code`. A code without a text is answered with the code in its place, and logged."""
        language = preferred_language(headers.get("accept-language"))
        text = self._texts.find(code, language)
        if text is None:
            _log.warning("text-missing", code=code)
        filled = dict(details or {})
        problem = Problem(
            type=f"urn:samverkan:problem:{code}",
            title=code if text is None else text.title,
            status=status or (STATUS_OF_A_REFUSAL if text is None else text.status),
            detail=code if text is None else text.filled(filled),
            code=code,
            instance=f"urn:uuid:{request_id}",
            details=filled,
            errors=errors or [],
        )
        return Response(
            problem.model_dump_json(),
            problem.status,
            {"Content-Language": language, "Vary": "Accept-Language", **(extra_headers or {})},
            MEDIA_TYPE,
        )

    async def _samverkan_error(self, request: Request, error: Exception) -> Response:
        match error:
            case VersionConflict():
                versions = {"expected_version": str(error.expected), "actual_version": str(error.actual)}
                # 412 answers the caller's precondition; without one, nobody asked for a version.
                status = None if "if-match" in request.headers else STATUS_OF_A_REFUSAL
                return self._of(request, error.code, status=status, details=versions)
            case Refused():
                return self._of(request, error.code, details=error.details)
            case Transient():
                _log.warning("transient", code=error.code, exc_info=error)
                known = error.code in self._texts.codes("sv")
                return self._of(
                    request,
                    error.code if known else "temporarily-unavailable",
                    status=503,
                    extra_headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
                )
            case _:
                raise error  # an error of ours: the boundary logs it and answers 500

    async def _validation_error(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # registered for nothing else
        wrong = error.errors()
        if any(detail["type"] == "json_invalid" for detail in wrong):
            return self._of(request, "json-malformed")
        if not _says_json(request.headers) and any(
            detail["loc"] == ("body",) and detail["type"] != "missing" for detail in wrong
        ):
            return self._of(request, "media-type-unsupported")
        of_headers = [detail for detail in wrong if detail["loc"][0] == "header"]
        errors = [self._field_error(detail["loc"], detail["type"]) for detail in (of_headers or wrong)[:_ERRORS_MAX]]
        if not of_headers:
            return self._of(request, "validation-failed", errors=errors)
        missing = all(detail["type"] == "missing" for detail in of_headers)
        return self._of(request, "header-missing" if missing else "header-invalid", errors=errors)

    async def _framework_error(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # registered for nothing else
        code = _CODE_OF_STATUS.get(error.status_code, "request-malformed")
        return self._of(request, code, status=error.status_code, extra_headers=error.headers)

    def _field_error(self, location: tuple[str | int, ...], kind: str) -> FieldError:
        parts = [
            f"[{part}]" if isinstance(part, int) else part if part.lower() in self._names else "*" for part in location
        ]
        return FieldError(field=".".join(parts).replace(".[", "["), type=kind)

    def _of(
        self,
        request: Request,
        code: str,
        *,
        status: int | None = None,
        details: Mapping[str, str] | None = None,
        errors: list[FieldError] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> Response:
        return self.answer(
            request.headers,
            request.state.request_id,
            code,
            status=status,
            details=details,
            errors=errors,
            extra_headers=extra_headers,
        )


def _says_json(headers: Headers) -> bool:
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type == "application/json" or (media_type.startswith("application/") and media_type.endswith("+json"))
