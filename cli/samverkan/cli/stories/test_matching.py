"""When an answer holds what a story expects, and when it does not."""

from decimal import Decimal
from typing import Any

import pytest

from samverkan.cli.stories.matching import compare, held, is_sealed, shown


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": None}, {}),
        ({"a": None}, {"a": None}),
        ({"a": "31540.80"}, {"a": "31540.80"}),
        ({"a": "31540.80"}, {"a": "31540.8"}),
        ({"a": "31540.80"}, {"a": "31540.800"}),
        ({"a": ">= 2"}, {"a": 2}),
        ({"a": "*"}, {"a": "anything"}),
        ({"a": ["x", "y"]}, {"a": ["x", "y"]}),
        ({"a": [{"id": "2", "n": 5}]}, {"a": [{"id": "1", "n": 4}, {"id": "2", "n": 5}]}),
        ({"a": {"b": {"c": True}}}, {"a": {"b": {"c": True, "d": 1}}}),
    ],
)
def test_an_answer_that_holds(expected: Any, actual: Any) -> None:
    assert compare(expected, actual).differences == []


@pytest.mark.parametrize(
    ("expected", "actual", "told"),
    [
        ({"a": 1}, {"a": 2}, "a is 2, not 1"),
        ({"a": 1}, {"a": True}, "a is True, not 1"),
        ({"a": 1}, {}, "a is absent, not 1"),
        ({"a": None}, {"a": 0}, "a is 0, not None"),
        ({"a": "*"}, {"a": None}, "a is None, not *"),
        ({"a": "31540.80"}, {"a": "31540.81"}, "a is 31540.81, not 31540.80"),
        ({"a": "31540.80"}, {"a": "31540.8000001"}, "a is 31540.8000001, not 31540.80"),
        ({"a": "31540.80"}, {"a": Decimal("31540.80")}, "a is Decimal('31540.80'), not 31540.80"),
        ({"a": "31540.80"}, {"a": None}, "a is None, not 31540.80"),
        ({"a": ">= 2"}, {"a": 1}, "a is 1, not >= 2"),
        ({"a": ">= 0"}, {"a": False}, "a is False, not >= 0"),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}, "a is ['y', 'x'], not ['x', 'y']"),
        ({"a": []}, {"a": ["x"]}, "a is ['x'], not []"),
        ({"a": [{"id": "2"}]}, {"a": []}, "a is empty"),
        ({"a": [{"id": "2", "n": 5}]}, {"a": [{"id": "1", "n": 4}, {"id": "2", "n": 6}]}, "a[0].n is 6, not 5"),
        ({"a": {"b": 1}}, {"a": None}, "a is None, not an object"),
    ],
)
def test_an_answer_that_does_not_hold_is_told_where(expected: Any, actual: Any, told: str) -> None:
    assert compare(expected, actual).differences == [told]


def test_what_was_known_once_does_not_hide_what_a_store_holds_now() -> None:
    now, then = {"days_lost": 15, "lost": "5475.00"}, {"days_lost": None, "decided_on": "2026-04-15"}
    both = {**now, "decided_on": "2026-04-15"}
    assert held(held({}, now, "/cases/1"), then, "/cases/1?known_by=2026-04-15") == both
    assert held(held({}, then, "/cases/1?as_of=2026-03-20"), now, "/cases/1") == both


def test_the_leaves_are_those_of_the_element_that_was_meant() -> None:
    answer = {"placements": [{"id": "1", "gross": "1.00"}, {"id": "2", "gross": "24000.00"}]}
    assert compare({"placements": [{"id": "2", "gross": "24000.00"}]}, answer).leaves["gross"] == "24000.00"


def test_sealed_means_null_or_absent_everywhere() -> None:
    assert is_sealed({"health": None, "placements": [{"id": "1"}]}, "health")
    assert not is_sealed({"placements": [{"health": {"scores": 1}}]}, "health")


def test_a_personnummer_is_never_shown() -> None:
    assert "198808112380" not in compare({"a": "x"}, {"a": "198808112380"}).differences[0]
    assert "8808112380" not in shown(["198808112380"])
