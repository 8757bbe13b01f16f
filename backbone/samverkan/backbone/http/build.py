"""A service's HTTP application, put together from its description."""

from importlib.metadata import version
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.telemetry import TelemetryConfig

from samverkan.backbone.http import openapi
from samverkan.backbone.http.boundary import Boundary
from samverkan.backbone.http.call import Chassis, NotModified
from samverkan.backbone.http.operations import operations
from samverkan.backbone.http.problems import Problems
from samverkan.backbone.http.texts import Texts
from samverkan.backbone.runtime import Runtime
from samverkan.backbone.service import Service
from samverkan.backbone.telemetry.health import Health

MAX_BODY_BYTES: Final = 262_144  # the default of Settings.http_max_body_bytes

# FastAPI's own OpenTelemetry records exceptions with their messages and failed bodies, and one variable of the
# environment would send them away. What may be told is told by telemetry/.
_NO_OTHER_TELEMETRY: Final[TelemetryConfig] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}


class _ServiceApi(FastAPI):
    refusal_statuses: frozenset[int] = frozenset()

    def openapi(self) -> dict[str, Any]:
        """The document, with every status that the chassis may answer with."""
        return openapi.complete(super().openapi(), self.refusal_statuses)


def build_http(
    service: Service,
    runtime: Runtime,
    health: Health,
    *,
    max_body_bytes: int = MAX_BODY_BYTES,
    repairs: APIRouter | None = None,
) -> FastAPI:
    """The application: the service's routers, problems, health, metrics, repairs. Opens nothing and starts nothing.

    TextsInvalid: the problem texts contradict each other; stop the start. The contract is at `/openapi.json`. There
    is no `/docs`: its page loads scripts from a public network that an agency's does not reach, and should not trust.
    """
    texts = Texts(service)
    problems = Problems(texts)
    app = _ServiceApi(
        title=f"Samverkan {service.name}",
        version=version("samverkan-backbone"),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a POST that is redirected arrives as a GET, or twice
        telemetry=_NO_OTHER_TELEMETRY,
    )
    app.refusal_statuses = frozenset(texts.refusal_statuses())
    app.state.chassis = Chassis(service, runtime)
    app.include_router(operations(health))
    if repairs is not None:
        app.include_router(repairs)
    for router in service.routers:
        app.include_router(router)
    problems.register(app)
    app.add_exception_handler(NotModified, _not_modified)
    app.add_middleware(Boundary, problems=problems, max_body_bytes=max_body_bytes)
    problems.tell_names(openapi.names(app.openapi()))
    return app


async def _not_modified(_request: Request, answer: Exception) -> Response:
    assert isinstance(answer, NotModified)  # registered for nothing else
    return Response(status_code=304, headers={"ETag": answer.etag})
