"""Settings of a service that is built and never run: its rules, folds and endpoints are what a test wants."""

from typing import Any, TypeVar

from pydantic import SecretStr

from samverkan.backbone.settings import Settings

S = TypeVar("S", bound=Settings)


def unwired(kind: type[S], **given: Any) -> S:
    """The settings with their defaults, with `given`, and with addresses at which nobody is."""
    return kind(database_url=SecretStr("postgresql://"), kafka_bootstrap="localhost:9092", http_port=0, **given)
