"""The course of a case's placements over HTTP, and what the employer register offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter

from samverkan.agency.asking import asked_case
from samverkan.agency.course_view import CourseRow, PlacementCourses
from samverkan.agency.register_view import EmployerRow, OpeningRow, RegisteredEmployers, WaitingOpenings
from samverkan.backbone.http.call import LIMIT_MAX, Page, Query
from samverkan.schemas.catalogue import MAY_SEE, Agency, Role
from samverkan.schemas.event import Compartment


@dataclass(frozen=True)
class CourseAnswer:
    """What happened to a placement. `absence_cause` is null where health is sealed, or nobody is away."""

    placement_id: UUID
    revision: int
    follows: UUID | None
    step: int
    asked_on: date | None
    reply_by: date | None
    cancelled_on: date | None
    interrupted_from: date | None
    expected_until: date | None
    resumed_on: date | None
    absence_cause: str | None
    waiting: Mapping[str, Any] | None
    changes: Sequence[Mapping[str, Any]]
    reports: int
    latest_reported_on: date | None
    certificate_on: date | None


def course_routes(agency: Agency) -> APIRouter:
    """What this agency may ask; the register only where the role may see where people work."""
    router = APIRouter(tags=["agency"])
    if agency.role is not Role.COORDINATION_ASSOCIATION:
        _add_course(router, agency)
    if Compartment.EMPLOYMENT in MAY_SEE[agency.role]:
        _add_register(router)
    return router


def _add_course(router: APIRouter, agency: Agency) -> None:
    @router.get("/cases/{case_id}/course")
    async def course(case_id: UUID, call: Query) -> list[CourseAnswer]:
        """Revisions, changes, interruptions and the chain of a case's placements, in the order of the chain."""
        case = await asked_case(agency, case_id, call)
        health = Compartment.HEALTH in case.shown
        rows = await case.then.select(PlacementCourses, limit=LIMIT_MAX, case_id=case_id)
        return [_answer(row, health=health) for row in sorted(rows, key=lambda row: (row.step, row.placement_id))]


def _add_register(router: APIRouter) -> None:
    @router.get("/employers")
    async def employers(call: Query, page: Page) -> Sequence[EmployerRow]:
        """The employer register by ascending id; the next page begins `after` the last one."""
        return await call.many(RegisteredEmployers, page)

    @router.get("/openings")
    async def openings(
        call: Query, page: Page, state: Literal["open", "offered", "filled", "withdrawn"] | None = None
    ) -> Sequence[OpeningRow]:
        """Places that wait for a participant, of one state if it is given."""
        return await call.many(WaitingOpenings, page, **({} if state is None else {"state": state}))


def _answer(row: CourseRow, *, health: bool) -> CourseAnswer:
    told = {name: value for name, value in vars(row).items() if name != "case_id"}
    return CourseAnswer(**{**told, "absence_cause": row.absence_cause if health else None})
