"""How long rounds rest."""

import pytest

from samverkan.backbone.pace import LONGEST_SECONDS, QUIET_SECONDS, Pace

ROUNDS = 20


def rests(round_seconds: float, events: int = 0) -> list[float]:
    pace = Pace()
    return [pace.rest_after(round_seconds, events) for _ in range(ROUNDS)]


def test_a_quiet_machine_hardly_waits_and_a_busy_one_rests_many_rounds() -> None:
    assert rests(QUIET_SECONDS)[-1] == pytest.approx(QUIET_SECONDS)
    assert rests(4 * QUIET_SECONDS)[-1] == pytest.approx(16 * QUIET_SECONDS)


def test_no_rest_is_longer_than_people_would_notice() -> None:
    assert rests(60.0)[-1] == LONGEST_SECONDS


def test_one_slow_round_among_quick_ones_changes_nothing() -> None:
    pace = Pace()
    for _ in range(ROUNDS):
        pace.rest_after(QUIET_SECONDS, 0)
    assert pace.rest_after(1.0, 0) == pytest.approx(QUIET_SECONDS)


def test_a_round_that_takes_long_because_it_has_much_to_do_rests_little() -> None:
    assert rests(4 * QUIET_SECONDS, events=30)[-1] == pytest.approx(QUIET_SECONDS)
