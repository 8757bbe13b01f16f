"""A loop that no longer turns makes its process unhealthy, however well the process answers."""

import pytest

from samverkan.backbone.telemetry.health import Health, Unmet


class Hands:
    """A monotonic clock that a test moves."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_loop_is_stuck_when_its_limit_has_passed_and_live_again_after_a_beat() -> None:
    hands = Hands()
    health = Health(hands)
    relay = health.progress("relay", 5.0)
    hands.seconds = 5.0
    assert health.unmet() == ()
    hands.seconds = 5.1
    assert health.unmet() == (Unmet("relay", "stuck"),)
    assert not health.live
    relay.beat()
    assert health.unmet() == ()
    assert relay.seconds_since == 0


def test_a_loop_that_never_turned_counts_from_its_registration() -> None:
    hands = Hands()
    health = Health(hands)
    hands.seconds = 100.0
    health.progress("relay", 5.0)
    assert health.unmet() == ()
    hands.seconds = 105.5
    assert not health.live


def test_a_loop_that_ended_on_purpose_no_longer_counts() -> None:
    hands = Hands()
    health = Health(hands)
    relay = health.progress("relay", 5.0)
    health.ended(relay)
    hands.seconds = 60.0
    assert health.live


def test_readiness_names_what_is_not_met() -> None:
    health = Health()
    compared = False
    health.condition("log", lambda: None if compared else "log-not-compared")
    assert health.unmet() == (Unmet("log", "log-not-compared"),)
    compared = True
    assert health.unmet() == ()


def test_a_name_is_given_once() -> None:
    health = Health()
    health.progress("relay", 5.0)
    with pytest.raises(ValueError, match="relay"):
        health.progress("relay", 5.0)
