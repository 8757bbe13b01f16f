"""Asking a service how it is."""

from http.client import HTTPConnection, HTTPException


def is_ready(url: str) -> bool:
    """Whether a service says that it can do its work now."""
    connection = HTTPConnection(url.removeprefix("http://"), timeout=2)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
