"""How long a round rests."""

from samverkan.backbone.pace import LONGEST_SECONDS, QUIET_SECONDS, rest_after


def test_a_quiet_machine_hardly_waits_and_a_busy_one_rests_many_rounds() -> None:
    assert rest_after(QUIET_SECONDS) == QUIET_SECONDS
    assert rest_after(4 * QUIET_SECONDS) == 16 * QUIET_SECONDS


def test_no_rest_is_longer_than_people_would_notice() -> None:
    assert rest_after(60.0) == LONGEST_SECONDS
