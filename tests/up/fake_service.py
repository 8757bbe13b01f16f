"""A service without a service: answers /health/ready, ends on SIGTERM, and says what it was given."""

import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import FrameType


class _Health(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health/ready" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


def main() -> None:
    if os.environ.get("FAKE_FAILS"):
        sys.exit("this release is bad")
    for name in ("DATABASE_URL", "KAFKA_BOOTSTRAP", "HTTP_HOST", "HTTP_PORT", "LOG_FORMAT", "SMTP_HOST", "SMTP_PORT"):
        print(name, os.environ[f"SAMVERKAN_{name}"])
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["SAMVERKAN_HTTP_PORT"])), _Health)

    def stop(number: int, frame: FrameType | None) -> None:
        print("drained", flush=True)
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    sys.stdout.flush()
    server.serve_forever()
