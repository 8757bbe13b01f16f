"""The schedule of faults: the same for the same seed, and one fault at a time for whatever is struck."""

from collections import Counter
from itertools import combinations

import pytest

from samverkan.cli.chaos.kinds import RULES, Kind, targets
from samverkan.cli.chaos.schedule import Strike, schedule
from samverkan.cli.chaos.size import SMALL, WHOLE

MINUTES_20 = 1200.0


def twenty_minutes(seed: int) -> list[Strike]:
    return schedule(seed, MINUTES_20, targets(WHOLE, "postgres.funding"), WHOLE, 3.0)


def test_the_same_seed_gives_the_same_schedule_and_another_seed_another() -> None:
    assert twenty_minutes(7) == twenty_minutes(7)
    assert twenty_minutes(7) != twenty_minutes(8)


@pytest.mark.parametrize("seed", range(5))
def test_within_twenty_minutes_every_kind_strikes_many_times(seed: int) -> None:
    struck = Counter(strike.kind for strike in twenty_minutes(seed))
    assert set(struck) == set(Kind)
    assert min(struck.values()) >= 4, struck


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_struck_by_two_faults_at_once_and_all_are_healed_in_the_end(seed: int) -> None:
    strikes = [strike for strike in twenty_minutes(seed) if not RULES[strike.kind].at_the_end]
    assert max(strike.ends_seconds for strike in strikes) <= MINUTES_20
    overlapping = 0
    for one, other in combinations(strikes, 2):
        if one.at_seconds < other.ends_seconds and other.at_seconds < one.ends_seconds:
            overlapping += 1
            assert not RULES[one.kind].busy(one.target, WHOLE) & RULES[other.kind].busy(other.target, WHOLE)
    assert overlapping > 100  # several at a time, or it would be no chaos


def test_a_small_system_has_targets_for_all_but_what_it_lacks() -> None:
    lacking = set(Kind) - set(targets(SMALL, None))
    assert lacking == {Kind.FULL_DISK, Kind.RESTORE_SERVICE}  # no disk of its own, no database server of its own
