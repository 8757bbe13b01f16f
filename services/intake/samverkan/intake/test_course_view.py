"""The course as rows: the aggregate's states, what is due, who has it, and how the database gives it back."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from samverkan.backbone.testing.permute import fold
from samverkan.backbone.testing.record import stream
from samverkan.backbone.testing.stored_rows import assert_stored_as_folded
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.intake.case.case import CASE as AGGREGATE
from samverkan.intake.case.test_casework import APPOINTED, ASSIGNED, DECLARED, LIFTED, REGISTERED, TRANSFERRED
from samverkan.intake.case.test_course import CLOSED, PAUSED, RESUMED
from samverkan.intake.case.test_follow_up import COUNTED, RECORDED
from samverkan.intake.case.test_person import ANONYMOUS, MARKED
from samverkan.intake.case.test_person import LIFTED as UNPROTECTED
from samverkan.intake.caseworker_view import Caseworkers
from samverkan.intake.count_view import PersonCounts
from samverkan.intake.course_view import CourseRow, Courses
from samverkan.intake.machines import MACHINES
from samverkan.intake.views import CaseRow, Cases
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.course import CaseReopened
from samverkan.schemas.event import Compartment
from samverkan.schemas.participant import ConsentForm, ConsentGiven, WhoConsented

CASE = UUID(int=1)
MACHINE = next(machine for machine in MACHINES if machine.aggregate is AGGREGATE)
ONE, TWO = "kommun-handlaggare-1", "kommun-handlaggare-2"


def course_after(*events: Any) -> CourseRow:
    row = fold([Courses()], stream(PARTICIPANT, CASE, *events))["case_course"][CASE]
    assert isinstance(row, CourseRow)
    return row


@pytest.mark.parametrize("example", [name for name, events in MACHINE.states.items() if events])
def test_the_rows_know_the_state_of_the_aggregate(example: str) -> None:
    events = MACHINE.states[example]
    rows = fold([Cases(), Courses()], stream(PARTICIPANT, CASE, *events))
    case, course = rows["participant_case"][CASE], rows["case_course"][CASE]
    assert isinstance(case, CaseRow) and isinstance(course, CourseRow)
    assert case.state == course.state == AGGREGATE.fold(events).state


def test_each_state_is_kept_with_its_first_day() -> None:
    row = course_after(*CLOSED)
    assert [(entry["state"], entry["since"]) for entry in row.states] == [
        ("referred", "2026-02-02"),
        ("consent-pending", "2026-02-03"),
        ("active", "2026-02-10"),
        ("closing", "2026-04-01"),
        ("closed", "2026-04-30"),
    ]
    assert (row.exited_on, row.six_months_on) == (date(2026, 4, 30), date(2026, 10, 30))
    assert row.moments == {"entry": "2026-03-02", "exit": "2026-04-30"}


def test_a_pause_has_an_end_until_it_is_over() -> None:
    assert course_after(*CLOSED[:6], PAUSED).paused_until_on == date(2026, 4, 1)
    assert course_after(*CLOSED[:6], PAUSED, RESUMED).paused_until_on is None


def test_who_has_the_case_is_told_without_those_in_conflict() -> None:
    row = course_after(CLOSED[0], ASSIGNED, APPOINTED, REGISTERED)
    assert row.contacts == {"kommun": {"caseworker": ONE, "since": "2026-02-03"}}
    assert [one["caseworker"] for one in row.stand_ins] == [TWO]
    assert row.registrations == {"kommun": "AME 2026/17"}
    in_conflict = course_after(CLOSED[0], ASSIGNED, APPOINTED, DECLARED)
    assert (in_conflict.stand_ins, [one["caseworker"] for one in in_conflict.conflicts]) == ((), [TWO])
    assert course_after(CLOSED[0], DECLARED, LIFTED).conflicts == ()


def test_a_transfer_names_the_municipality_that_has_it() -> None:
    assert course_after(CLOSED[0]).municipality == "kommun"
    left = course_after(CLOSED[0], ASSIGNED, APPOINTED, TRANSFERRED)
    assert (left.municipality, left.contacts, left.stand_ins) == ("kommun-sundsvall", {}, ())
    moved = (*CLOSED[:6], TRANSFERRED, *CLOSED[6:])
    assert course_after(*moved, CLOSED[0]).municipality == "kommun", "a new participation is the referring one's"


def test_a_reopened_case_has_nothing_due_of_the_participation_before() -> None:
    row = course_after(*CLOSED, CaseReopened(reopened_on=date(2027, 9, 1)))
    assert (row.state, row.received_on, row.exited_on, row.moments) == ("referred", date(2027, 9, 1), None, {})
    assert len(row.follow_ups) == 2, "what was recorded stays as history"


def test_an_anonymous_case_shows_nothing_of_the_person() -> None:
    young = ConsentGiven(
        agency="af",
        purpose="shared-case",
        compartments=(Compartment.IDENTITY,),
        given_on=date(2026, 2, 3),
        identity=WhoConsented(consented_by="guardian"),
        contact=ConsentForm(language="so"),
    )
    told = stream(PARTICIPANT, CASE, CLOSED[0], young, *CLOSED[1:6], RECORDED, ANONYMOUS)
    rows = fold([Cases(), Courses()], told)
    row, course = rows["participant_case"][CASE], rows["case_course"][CASE]
    assert isinstance(row, CaseRow) and isinstance(course, CourseRow)
    assert (row.person_number, row.name, row.language, row.assessments) == (None, None, None, ())
    assert not any(one["criteria"] for one in row.enrolments), "they tell the age"
    assert not any(one["identity"] or one["contact"] for one in row.consents)
    assert course.follow_ups == ()
    counts: Any = fold([PersonCounts()], stream(PARTICIPANT, CASE, ANONYMOUS, COUNTED))["person_count"]
    assert {key: (row.women, row.men) for key, row in counts.items()} == {
        "participation/2026/introduktionsjobb": (1, 0),
        "follow-up/2026/six-months": (1, 0),
    }


async def test_the_database_gives_back_what_was_folded(database: str) -> None:
    migrate(database, *folders_of("intake"))
    told = (ASSIGNED, APPOINTED, REGISTERED, DECLARED, MARKED, COUNTED, UNPROTECTED, TRANSFERRED, ANONYMOUS)
    events = stream(PARTICIPANT, CASE, *CLOSED, *told)
    await assert_stored_as_folded(database, [Cases(), Courses(), Caseworkers(), PersonCounts()], events)
