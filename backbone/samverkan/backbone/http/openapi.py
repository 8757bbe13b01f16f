"""The OpenAPI document: every status that a route may answer with stands in it, and no author writes any of it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from samverkan.backbone.http.problems import MEDIA_TYPE, FieldError, Problem

_REFUSED: Final = "A rule says no; `code` tells which."

COMMAND_RESPONSES: Final[Mapping[int, str]] = {
    400: "A header is missing or malformed, or the body is not JSON.",
    403: "The caller's agency may not give this command.",
    404: "What the command is about does not exist.",
    409: _REFUSED,
    412: "The stream has moved on from the version in If-Match.",
    413: "The body, or what would be stored, is too large.",
    415: "The body is not declared as JSON.",
    422: "The input does not have the right form, or the Idempotency-Key stands for another request.",
    503: "Try again with the same Idempotency-Key after Retry-After seconds.",
}
QUERY_RESPONSES: Final[Mapping[int, str]] = {
    400: "The request is malformed.",
    404: "It does not exist, or not yet.",
    422: "A parameter does not have the right form.",
    503: "Try again after Retry-After seconds.",
}

_OTHER_RESPONSES: Final[Mapping[int, str]] = {400: QUERY_RESPONSES[400]}  # health and metrics, of no parameters

_METHODS: Final = ("get", "post", "put", "patch", "delete")
_ETAG: Final = {"ETag": {"description": "The stream's version, for If-Match.", "schema": {"type": "string"}}}
_LOCATION: Final = {"Location": {"description": "Where it is read.", "schema": {"type": "string"}}}
_RETRY_AFTER: Final = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}


def complete(document: dict[str, Any], refusal_statuses: Iterable[int]) -> dict[str, Any]:
    """Add the problem answers to a document that FastAPI generated. A second time changes nothing.

    `refusal_statuses` are those of the service's own texts.
    """
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for model in (Problem, FieldError):
        schemas[model.__name__] = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas[model.__name__].pop("$defs", None)
    refusals = {status: COMMAND_RESPONSES.get(status, _REFUSED) for status in refusal_statuses}
    for operation in _operations(document):
        responses = operation.setdefault("responses", {})
        names = _parameter_names(operation)
        if "idempotency-key" in names:
            _document_success(responses)
            problems = {**refusals, **COMMAND_RESPONSES}
        elif "if-none-match" in names:
            responses.setdefault("304", {"description": "The caller has this version already.", "headers": _ETAG})
            problems = {**refusals, **QUERY_RESPONSES}
        elif "samverkan-agency" in names:
            problems = {403: COMMAND_RESPONSES[403], **QUERY_RESPONSES}
        else:
            problems = dict(_OTHER_RESPONSES)
        for status, description in problems.items():
            known = responses.get(str(status), {})
            if "content" not in known or status == 422:  # FastAPI's own 422 has another form
                responses[str(status)] = _problem(status, known.get("description", description))
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return document


def names(document: Mapping[str, Any]) -> set[str]:
    """Every field and parameter name of the contract."""
    found = {"body", "query", "path", "header"}
    for operation in _operations(document):
        found |= _parameter_names(operation)
    for schema in document.get("components", {}).get("schemas", {}).values():
        found |= set(schema.get("properties", {}))
    return found


def _operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document.get("paths", {}).values():
        yield from (path[method] for method in _METHODS if method in path)


def _parameter_names(operation: Mapping[str, Any]) -> set[str]:
    return {parameter["name"].lower() for parameter in operation.get("parameters", ())}


def _document_success(responses: dict[str, Any]) -> None:
    """A command answers 200, or 201 where it brought a stream into being: whichever stands there stands for both."""
    declared = responses.get("200") or responses.get("201")
    if declared is not None:
        body = {"content": declared["content"]} if "content" in declared else {}
        responses["200"] = {"description": "Carried out, now or before.", "headers": _ETAG, **body}
        responses["201"] = {"description": "Created.", "headers": {**_ETAG, **_LOCATION}, **body}


def _problem(status: int, description: str) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    headers = {"headers": _RETRY_AFTER} if status == 503 else {}
    return {"description": description, "content": content, **headers}
