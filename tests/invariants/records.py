"""Kafka records made by hand, as the conformance suite makes them."""

from samverkan.backbone.testing.conformance.records import (
    DAY,
    INSTANT,
    Headers,
    Placed,
    Raw,
    placed,
    raw,
    streams,
    topic_named,
)

__all__ = ["DAY", "INSTANT", "Headers", "Placed", "Raw", "placed", "raw", "streams", "topic_named"]
