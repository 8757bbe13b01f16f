"""What needs a human: a closed list. Each is counted and logged once per occurrence, never repeated by a timer."""

from enum import StrEnum

import structlog

from samverkan.backbone.telemetry.metrics import ALARMS

_log = structlog.stdlib.get_logger(__name__)


class Alarm(StrEnum):
    """The value is the label of `alarms_total` and the `alarm` of the log line."""

    FORK = "fork"
    """Two different events claim one (stream, version) or one (source, log index) (W3)."""
    HOLE = "hole"
    """A version has been missing for longer than `hole_alarm_seconds` (S3)."""
    WAITING = "waiting"
    """An event has waited for its `requires` for longer than `waiting_alarm_seconds` (S5)."""
    HALTED = "halted"
    """The subscription stopped itself: too many streams parked within a minute (S4)."""
    LOG_DIFFERS = "log-differs"
    """Our log and our own topic hold different bytes in one place: the service stays read-only (W2)."""
    TOPIC_RECREATED = "topic-recreated"
    """A topic has another id than the one that our offsets belong to (S1)."""
    POSITION_LOST = "position-lost"
    """Kafka has no record at our stored offset: records are gone, or the topic is shorter than it was (S1)."""
    STUCK = "stuck"
    """A loop of this process has made no progress within its limit."""


def alarm(kind: Alarm, **facts: str | int | float) -> None:
    """Count and log. `facts` are ids, versions, topics and durations; never anything of a person."""
    ALARMS.inc(alarm=kind.value)
    _log.error("alarm", alarm=kind.value, **facts)
