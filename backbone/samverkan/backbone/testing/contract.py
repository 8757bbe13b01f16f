"""Schemathesis against an application or a running service: no 5xx, no answer that the contract does not describe."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Err
from schemathesis.specs.openapi import checks

# Whether valid input is accepted is the domain's to say: a rule may refuse what has the right form.
CHECKS: Final[list[Any]] = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
]
# A body may be too large, or its If-Match too old, before anybody looks at its form.
_CONFIG: Final = {
    "checks": {"negative_data_rejection": {"expected-statuses": [400, 404, 405, 409, 412, 413, 415, 422]}}
}


def check_contract(app: FastAPI, examples: int = 40, skip: Iterable[str] = ()) -> int:
    """Send `examples` valid and as many invalid requests to every operation; return how many operations there were.

    Raises schemathesis' FailureGroup, with the request that failed, reduced by hypothesis. `skip` are paths.
    """
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=schemathesis.Config.from_dict(_CONFIG))
    return _check(schema, examples, frozenset(skip), {})


def check_running(url: str, examples: int, ids: Mapping[str, str], skip: Iterable[str] = ()) -> int:
    """The same on a service that runs at `url`. `ids`: path parameters of things that exist, tried besides random ones,
    for nearly every command about a random id ends at not-found."""
    config = schemathesis.Config.from_dict(_CONFIG)
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json", config=config)
    return _check(schema, examples, frozenset(skip), ids)


def _check(schema: Any, examples: int, skip: frozenset[str], ids: Mapping[str, str]) -> int:
    checked = 0
    for result in schema.get_all_operations():
        if isinstance(result, Err):
            raise result.err()
        operation = result.ok()
        if operation.path in skip:
            continue
        checked += 1
        valid = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        _run(valid, examples)
        if any(f"{{{name}}}" in operation.path for name in ids):
            _run(valid.map(lambda case: _about(case, ids)), examples)
        if any(True for _ in operation.iter_parameters()) or operation.body:
            with suppress(Unsatisfiable):  # what takes any text cannot be sent anything invalid
                _run(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), examples)
    return checked


def _about(case: Any, ids: Mapping[str, str]) -> Any:
    """The same request about something that exists."""
    for name, known in ids.items():
        if name in case.path_parameters:
            case.path_parameters[name] = known
    return case


def _run(strategy: Any, examples: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def test(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    test()
