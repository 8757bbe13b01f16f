"""The individual gain from what an agency holds, without the instrument."""

from dataclasses import replace
from datetime import date

from samverkan.agency.assessment_view import AssessmentRow, gains

FIRST = AssessmentRow(
    "a", assessed_on=date(2026, 2, 3), instrument="five", instrument_version=1, scores={"health": 2, "skills": 3}
)
SECOND = replace(FIRST, assessed_on=date(2026, 5, 4), scores={"health": 4, "skills": 3})
NEW = replace(SECOND, assessed_on=date(2026, 8, 3), instrument_version=2, scores={"health": 5, "housing": 2})


def test_the_latest_minus_the_first_whatever_the_order() -> None:
    assert gains([SECOND, FIRST]) == {"health": 2, "skills": 0}
    assert gains([FIRST]) == gains([]) == gains([replace(FIRST, scores=None)]) == {}


def test_versions_compare_only_where_the_event_says_so() -> None:
    assert gains([FIRST, SECOND, NEW]) == {}
    assert gains([FIRST, SECOND, replace(NEW, comparable_with=("1/health",))]) == {"health": 3}
    assert gains([replace(FIRST, instrument="other"), SECOND]) == {}
