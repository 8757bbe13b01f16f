"""The HTTP server of a service: uvicorn, quiet, nameless, and stopped by the run loop instead of by signals."""

from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from samverkan.backbone.settings import Settings


class HttpServer(uvicorn.Server):
    """`await serve()` runs it; setting `should_exit` ends it within `drain_seconds`, open requests first."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the run loop, which drains relay and subscription in the right order too."""
        yield


def http_server(app: FastAPI, settings: Settings) -> HttpServer:
    """Not started yet. A busy port ends `serve()` with SystemExit."""
    return HttpServer(
        uvicorn.Config(
            app,
            host=settings.http_host,
            port=settings.http_port,
            lifespan="off",
            log_config=None,  # telemetry/logs.py has set up the loggers
            access_log=False,  # it would log paths, which hold ids; boundary.py logs templates
            server_header=False,
            proxy_headers=False,  # nothing here goes by the caller's address
            timeout_graceful_shutdown=int(settings.drain_seconds),
        )
    )
