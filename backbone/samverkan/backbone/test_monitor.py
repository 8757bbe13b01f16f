"""What a batch led to is counted per topic: as many as were applied, each with how late it became visible."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

from samverkan.backbone.monitor import tell
from samverkan.backbone.subscription.apply import Applied
from samverkan.backbone.subscription.arrival import Arrival
from samverkan.backbone.telemetry import metrics
from samverkan.backbone.telemetry.metrics import REGISTRY

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _arrival(topic: str, seconds: float) -> Arrival:
    recorded = SimpleNamespace(recorded_at=NOW - timedelta(seconds=seconds))
    return cast("Arrival", SimpleNamespace(topic=topic, envelope=recorded))


def _seen(name: str, topic: str) -> float:
    return REGISTRY.get_sample_value(name, {"topic": topic}) or 0.0


def test_events_and_their_delay_are_counted_by_topic() -> None:
    events = [_arrival("t.a", 0.2), _arrival("t.b", 3.0), _arrival("t.a", 0.3), _arrival("t.a", -1.0)]
    tell(Applied(events=events), NOW)
    visible = metrics.COMMIT_TO_VISIBLE_SECONDS.name
    applied = metrics.SUBSCRIPTION_APPLIED.name
    assert (_seen(applied, "t.a"), _seen(applied, "t.b")) == (3.0, 1.0)
    assert (_seen(f"{visible}_count", "t.a"), _seen(f"{visible}_count", "t.b")) == (3.0, 1.0)
    assert round(_seen(f"{visible}_sum", "t.a"), 6) == 0.5, "a clock that is behind ours counts as no delay"
    assert REGISTRY.get_sample_value(f"{visible}_bucket", {"topic": "t.a", "le": "0.25"}) == 2.0
