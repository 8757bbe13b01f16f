"""The caseworker's screen: my participants, the next step, on whom it waits and the days left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from fastapi import Query as QueryParameter

from samverkan.backbone.http.call import Page, Query
from samverkan.intake.bodies import Caseworker
from samverkan.intake.case.agencies import known
from samverkan.intake.caseworker_view import Caseworkers
from samverkan.intake.consent_entries import agencies_consented
from samverkan.intake.count_view import PersonCountRow, PersonCounts
from samverkan.intake.course_view import CourseRow, Courses
from samverkan.intake.next_step import NextStep, Steps, days_by_state, missing_follow_ups, next_step
from samverkan.intake.views import CaseRow, Cases

AgencyCode = Annotated[str, QueryParameter(pattern=r"^[a-z]+(-[a-z]+){0,5}$", max_length=64)]


@dataclass(frozen=True)
class WorkItem:
    """A participant on the screen. `as_what`: `contact` or `stand-in`. `name` and language are None
    where the agency may not know them.

    `days_by_state`: the lead time of each step so far. `missing_follow_ups`: moments that should be recorded by now.
    """

    case_id: UUID
    name: str | None
    programme: str | None
    state: str
    registration: str | None
    as_what: str
    protected: bool
    language: str | None
    needs_interpreter: bool | None
    next_step: NextStep | None
    days_by_state: Mapping[str, int]
    missing_follow_ups: Sequence[str]


@dataclass(frozen=True)
class CourseAnswer:
    """The course of one case as of today."""

    case_id: UUID
    version: int
    state: str
    states: Sequence[Mapping[str, Any]]
    days_by_state: Mapping[str, int]
    next_step: NextStep | None
    municipality: str | None
    contacts: Mapping[str, Mapping[str, Any]]
    contacts_missing: Sequence[str]
    stand_ins: Sequence[Mapping[str, Any]]
    conflicts: Sequence[Mapping[str, Any]]
    registrations: Mapping[str, str]
    enrolled_on: date | None
    paused_until_on: date | None
    closing_on: date | None
    exited_on: date | None
    six_months_on: date | None
    twelve_months_on: date | None
    follow_ups: Sequence[Mapping[str, Any]]
    missing_follow_ups: Sequence[str]
    protected_on: date | None
    keeper: str | None


def routes(steps: Steps) -> APIRouter:
    """Queries of the course of cases."""
    router = APIRouter(tags=["intake"])

    @router.get("/participants")
    async def participants(
        call: Query, page: Page, agency: AgencyCode, caseworker: Annotated[Caseworker, QueryParameter()]
    ) -> list[WorkItem]:
        """The cases that this caseworker has today as the agency's contact or stand-in, the most urgent first.

        The next page begins `after` the last case and its caseworker; a page may hold fewer than `limit`.
        """
        items = []
        for place in await call.many(Caseworkers, page, agency=agency, caseworker=caseworker):
            course = await call.queries.get(Courses, place.case_id)
            case = await call.queries.get(Cases, place.case_id)
            if course is None or case is None:
                continue
            as_what = _as_what(course, agency, caseworker, call.today)
            if as_what is not None:
                items.append(_item(steps, course, case, agency, as_what, call.today))
        return sorted(items, key=_urgency)

    @router.get("/cases/{case_id}/course")
    async def course(case_id: UUID, call: Query) -> CourseAnswer:
        """How far a case has come, since when, who has it, and what is due."""
        row = await call.queries.get(Courses, case_id)
        case = await call.one(Cases, case_id)
        return _course(steps, row or CourseRow(case_id), case, call.today)

    @router.get("/person-counts")
    async def person_counts(call: Query, page: Page) -> Sequence[PersonCountRow]:
        """Women and men that take part without a name, by registration year."""
        return await call.many(PersonCounts, page)

    return router


def _as_what(course: CourseRow, agency: str, caseworker: str, today: date) -> str | None:
    """A stand-in has the case on the days of the period; the contact has it always."""
    if course.contacts.get(agency, {}).get("caseworker") == caseworker:
        return "contact"
    for one in course.stand_ins:
        period = one["from_on"] <= today.isoformat() <= one["until_on"]
        if period and (one["agency"], one["caseworker"]) == (agency, caseworker):
            return "stand-in"
    return None


def _item(steps: Steps, course: CourseRow, case: CaseRow, agency: str, as_what: str, today: date) -> WorkItem:
    identity, contact = (_may_see(course, case, agency, one) for one in ("identity", "contact"))
    return WorkItem(
        case_id=case.case_id,
        name=case.name if identity else None,
        programme=case.programme,
        state=course.state,
        registration=course.registrations.get(agency),
        as_what=as_what,
        protected=course.keeper is not None,
        language=case.language if contact else None,
        needs_interpreter=case.needs_interpreter if contact else None,
        next_step=_next(steps, course, case, today),
        days_by_state=days_by_state(course.states, today),
        missing_follow_ups=missing_follow_ups(course, today),
    )


def _next(steps: Steps, course: CourseRow, case: CaseRow, today: date) -> NextStep | None:
    consented = agencies_consented(case.consents, since=course.reopened_on)
    return next_step(steps, course, case.agencies_needed, consented, today)


def _may_see(course: CourseRow, case: CaseRow, agency: str, compartment: str) -> bool:
    """The municipality that has the case knows its participant; another agency what it is consented to. Of protected
    data the keeper alone knows."""
    if course.keeper is not None:
        return agency == course.keeper
    return agency == course.municipality or any(
        entry["agency"] == agency and compartment in set(entry["compartments"]) - set(entry["withdrawn"])
        for entry in case.consents
    )


def _course(steps: Steps, course: CourseRow, case: CaseRow, today: date) -> CourseAnswer:
    taken = [name for name in CourseAnswer.__dataclass_fields__ if name in CourseRow.__dataclass_fields__]
    return CourseAnswer(
        **{name: getattr(course, name) for name in taken},
        days_by_state=days_by_state(course.states, today),
        next_step=_next(steps, course, case, today),
        contacts_missing=[
            code for code in case.agencies_needed if code not in course.contacts and known(code) is not None
        ],
        missing_follow_ups=missing_follow_ups(course, today),
    )


def _urgency(item: WorkItem) -> tuple[bool, int, str]:
    left = None if item.next_step is None else item.next_step.days_left
    return left is None, left or 0, str(item.case_id)
