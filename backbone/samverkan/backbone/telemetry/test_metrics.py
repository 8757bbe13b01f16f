"""The catalogue is closed and says what each number means; what is not known is absent."""

import pytest
from prometheus_client import generate_latest

from samverkan.backbone.telemetry import metrics
from samverkan.backbone.telemetry.metrics import CATALOGUE, REGISTRY, Counter, Gauge, Histogram, Metric


def exposition() -> list[str]:
    return [line for line in generate_latest(REGISTRY).decode().splitlines() if not line.startswith("#")]


def test_every_metric_of_the_module_is_in_the_catalogue_and_is_exported() -> None:
    named = [value for value in vars(metrics).values() if isinstance(value, Metric)]
    assert {metric.name for metric in named} == {metric.name for metric in CATALOGUE}
    helped = {line.split()[2] for line in generate_latest(REGISTRY).decode().splitlines() if line.startswith("# HELP")}
    assert {metric.name for metric in CATALOGUE} <= helped


@pytest.mark.parametrize("metric", CATALOGUE, ids=lambda metric: metric.name)
def test_a_name_tells_kind_and_unit_and_a_sentence_tells_the_meaning(metric: Metric) -> None:
    assert metric.name.endswith("_total") == isinstance(metric, Counter)
    if isinstance(metric, Histogram):
        assert metric.unit == "seconds"
    if metric.unit == "seconds":
        assert metric.name.endswith("_seconds")
    assert metric.means.endswith(".")
    assert len(metric.means.split()) > 5


def test_what_is_not_known_is_absent_and_never_zero() -> None:
    gauge = metrics.SUBSCRIPTION_LAG_EVENTS
    name = 'subscription_lag_events{topic="samverkan.test"}'
    assert not any(line.startswith(name) for line in exposition())
    gauge.set(7, topic="samverkan.test")
    assert f"{name} 7.0" in exposition()
    gauge.set(None, topic="samverkan.test")
    assert not any(line.startswith(name) for line in exposition())


def test_an_unknown_label_is_refused() -> None:
    with pytest.raises(ValueError, match="subscription_lag_events"):
        metrics.SUBSCRIPTION_LAG_EVENTS.set(1, person="x")
    with pytest.raises(ValueError, match=r"[Ll]abel"):
        metrics.COMMANDS.inc(person="x")


def test_two_metrics_of_one_name_are_refused() -> None:
    before = list(metrics._CATALOGUE)
    with pytest.raises(ValueError, match="relay_lag_events"):
        Gauge("relay_lag_events", "events", "Another one of that name, which must not be.")
    metrics._CATALOGUE[:] = before
