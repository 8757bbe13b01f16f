"""The individual gain, within one version and across versions."""

from dataclasses import replace
from datetime import date

from samverkan.intake.gain import Taken, gains
from samverkan.intake.instrument import Comparable, Domain, Question, find

FIVE = find("five-domains", 1)
assert FIVE is not None
STEADY = {"structure-of-day": 3, "social-network": 3, "skills-and-language": 3, "readiness-to-work": 3}
FEBRUARY, MAY, AUGUST = date(2026, 2, 3), date(2026, 5, 4), date(2026, 8, 3)
HOUSING = Domain("housing", "Boende", "Housing", FIVE.domains[0].answered_by, FIVE.domains[0].scoring, ())
SECOND = replace(
    FIVE,
    version=2,
    domains=(*FIVE.domains, replace(HOUSING, questions=(Question("housing", "Hur bor du?", "How do you live?"),))),
    comparable=(Comparable(1, ("health",)),),
)


def taken(day: date, health: int, instrument: object = FIVE, **more: int) -> Taken:
    return Taken(instrument, day, {**STEADY, "health": health, **more})  # type: ignore[arg-type]


def change(*measurements: Taken) -> dict[str, int | None]:
    return {gain.domain: gain.change for gain in gains(measurements)}


def test_the_gain_is_the_latest_score_minus_the_first_whatever_the_order_in_which_they_are_told() -> None:
    told = taken(MAY, 4), taken(FEBRUARY, 2), taken(AUGUST, 5)
    assert change(*told) == {**dict.fromkeys(STEADY, 0), "health": 3}
    (health,) = [gain for gain in gains(told) if gain.domain == "health"]
    assert health.since == FEBRUARY
    assert [(point.assessed_on, point.score) for point in health.points] == [(FEBRUARY, 2), (MAY, 4), (AUGUST, 5)]


def test_one_measurement_is_no_gain() -> None:
    assert set(change(taken(FEBRUARY, 2)).values()) == {None}
    assert gains([]) == gains([replace(taken(FEBRUARY, 2), scores=None)]) == []


def test_versions_are_compared_only_in_the_domains_where_the_newer_one_says_so() -> None:
    told = taken(FEBRUARY, 2), taken(MAY, 4, SECOND, housing=3)
    assert change(*told) == {**dict.fromkeys(STEADY), "health": 2, "housing": None}
    (structure,) = [gain for gain in gains(told) if gain.domain == "structure-of-day"]
    assert [point.comparable for point in structure.points] == [False, True]


def test_a_new_version_begins_anew_where_nothing_may_be_compared() -> None:
    told = taken(FEBRUARY, 1), taken(MAY, 4, SECOND, housing=3), taken(AUGUST, 5, SECOND, housing=5)
    assert change(*told) == {**dict.fromkeys(STEADY, 0), "health": 4, "housing": 2}
    (housing,) = [gain for gain in gains(told) if gain.domain == "housing"]
    assert housing.since == MAY


def test_another_instrument_is_left_out() -> None:
    assert FIVE is not None
    other = replace(FIVE, code="other")
    assert change(taken(FEBRUARY, 1, other), taken(MAY, 4)) == dict.fromkeys((*STEADY, "health"))


def test_a_scores_reader_without_the_key_sees_the_others() -> None:
    told = taken(FEBRUARY, 2), replace(taken(MAY, 1), scores=None), taken(AUGUST, 3)
    assert change(*told)["health"] == 1
