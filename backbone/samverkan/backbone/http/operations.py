"""What machines ask for: `/health/live`, `/health/ready`, `/metrics`. Open to all who reach the port; no ids."""

from typing import Any, Final

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.telemetry.metrics import REGISTRY


class Loop(BaseModel):
    """One loop of the process."""

    name: str
    seconds_since_progress: float
    limit_seconds: float
    stuck: bool


class Live(BaseModel):
    """Whether every loop makes progress; if not, a restart is the remedy."""

    live: bool
    loops: list[Loop]


class Condition(BaseModel):
    """Something that must hold before requests are welcome, and why it does not yet."""

    name: str
    reason: str


class Ready(BaseModel):
    """Whether requests are welcome; if not, waiting is the remedy."""

    ready: bool
    unmet: list[Condition]


_UNAVAILABLE: Final = "The same form, with what is wrong in it."


def operations(health: Health) -> APIRouter:
    """The routes, answering from `health` and from the registry of this process."""
    router = APIRouter(tags=["operations"])
    live_responses: dict[int | str, dict[str, Any]] = {503: {"model": Live, "description": _UNAVAILABLE}}
    ready_responses: dict[int | str, dict[str, Any]] = {503: {"model": Ready, "description": _UNAVAILABLE}}

    @router.get("/health/live", responses=live_responses)
    async def live(response: Response) -> Live:
        """Whether every loop of the process makes progress."""
        loops = [
            Loop(
                name=loop.name,
                seconds_since_progress=round(loop.seconds_since, 3),
                limit_seconds=loop.limit_seconds,
                stuck=loop.stuck,
            )
            for loop in health.loops
        ]
        answer = Live(live=not any(loop.stuck for loop in loops), loops=loops)
        response.status_code = 200 if answer.live else 503
        return answer

    @router.get("/health/ready", responses=ready_responses)
    async def ready(response: Response) -> Ready:
        """Whether the service takes requests now."""
        unmet = [Condition(name=condition.name, reason=condition.reason) for condition in health.unmet()]
        response.status_code = 503 if unmet else 200
        return Ready(ready=not unmet, unmet=unmet)

    @router.get("/metrics", response_class=PlainTextResponse)
    async def metrics() -> Response:
        """The numbers of telemetry/metrics.py in Prometheus' text form."""
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return router
