"""The course of a placement, and the employer register, as each role keeps them."""

from datetime import date
from typing import Any

import pytest

from samverkan.agency.course_examples import EMPLOYER, OPENING, PLACEMENT_ID, STREAMS
from samverkan.agency.course_view import CourseRow
from samverkan.agency.examples import CASE
from samverkan.agency.placement_view import CasePlacementRow
from samverkan.agency.views import views_for
from samverkan.backbone.testing.permute import Rows, assert_same_rows, fold
from samverkan.backbone.testing.record import stream
from samverkan.schemas.catalogue import MAY_SEE, PLACEMENT, Role
from samverkan.schemas.codec import without
from samverkan.schemas.event import COMPARTMENTS, Compartment
from samverkan.schemas.placement import PlacementApproved, PlacementChangeDropped

WITH_CASES = [role for role in Role if role is not Role.COORDINATION_ASSOCIATION]


def store(role: Role) -> Rows:
    unreadable = COMPARTMENTS - MAY_SEE[role]
    streams = [[one._replace(event=without(one.event, unreadable)) for one in stream] for stream in STREAMS]
    return assert_same_rows(views_for(role), streams)


def course(role: Role) -> CourseRow:
    row = store(role)["case_placement_course"][PLACEMENT_ID]
    assert isinstance(row, CourseRow)
    return row


@pytest.mark.parametrize("role", WITH_CASES)
def test_what_changed_from_when_and_what_waits(role: Role) -> None:
    row = course(role)
    assert (row.case_id, row.step, row.revision, row.reports) == (CASE, 2, 3, 1)
    (change,) = row.changes
    assert (change["applies_from"], change["extent"], change["kinds"]) == ("2026-04-01", "0.50", ["hours"])
    assert row.waiting is not None
    assert (row.waiting["ends_on"], row.waiting["state"]) == ("2026-08-31", "proposed")


@pytest.mark.parametrize("role", WITH_CASES)
def test_why_somebody_is_away_is_kept_only_where_health_may_be_seen(role: Role) -> None:
    row = course(role)
    assert row.interrupted_from is not None
    assert row.absence_cause == ("sickness" if Compartment.HEALTH in MAY_SEE[role] else None)


def test_who_approved_a_change_that_was_dropped_has_approved_nothing_of_what_applies() -> None:
    since = stream(
        PLACEMENT,
        PLACEMENT_ID,
        PlacementApproved(party="employer", approved_on=date(2026, 5, 4), revision=3),
        PlacementChangeDropped(case_id=CASE, revision=3, dropped_on=date(2026, 5, 5)),
        since=len(STREAMS[0]),
    )
    row = fold(views_for(Role.MUNICIPALITY), [*STREAMS[0], *since])["case_placement"][PLACEMENT_ID]
    assert isinstance(row, CasePlacementRow)
    assert row.approved_by == ()


@pytest.mark.parametrize("role", Role)
def test_the_register_is_kept_where_workplaces_may_be_seen_and_names_no_case(role: Role) -> None:
    rows: Any = store(role)
    if Compartment.EMPLOYMENT not in MAY_SEE[role]:
        assert "registered_employer" not in rows and "waiting_opening" not in rows
        return
    assert rows["registered_employer"][EMPLOYER].employer_name == "Timrå kommun"
    assert rows["waiting_opening"][OPENING].state == "filled"
    assert str(CASE) not in repr(rows["waiting_opening"])
