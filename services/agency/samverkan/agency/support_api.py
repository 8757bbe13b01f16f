"""Measurements, plan and presence of a case as an agency sees them, over HTTP."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from samverkan.agency import support_answers as answers
from samverkan.agency.assessment_view import Assessments
from samverkan.agency.case_view import CaseRow, SharedCases
from samverkan.agency.past import Past
from samverkan.agency.plan_view import CaseActivities, CasePlans
from samverkan.agency.presence_view import AttendedDays, CasePresences
from samverkan.agency.sharing import visible, withholding
from samverkan.agency.views import views_for
from samverkan.backbone.http.body import Day
from samverkan.backbone.http.call import Page, Query
from samverkan.schemas.catalogue import Agency

ROWS_MAX = 5_000  # days of many years, or every activity of a plan: more than a case ever has

Known = Callable[[Agency, UUID, Query], Awaitable[CaseRow]]
Responses = dict[int | str, dict[str, Any]]
Refuse = Callable[[Agency], None]


def add_routes(
    router: APIRouter, agency: Agency, known: Known, refuse_counts_only: Refuse, forbidden: Responses
) -> None:
    """Add the queries about the support. `known`: the case's row, or a refusal to whoever sees counts only."""
    views = views_for(agency.role)

    @router.get("/cases/{case_id}/assessments", responses=forbidden)
    async def assessments(case_id: UUID, call: Query, past: Past) -> answers.AssessmentsAnswer:
        """The shared assessments, and the change in each domain of life."""
        case = await known(agency, case_id, call)
        shown = visible(agency, case.consents)
        then = await past.of(case_id, views, call.queries, withholding(agency, case.grants))
        return answers.assessments(await then.select(Assessments, limit=ROWS_MAX, case_id=case_id), shown)

    @router.get("/cases/{case_id}/plan", responses=forbidden)
    async def plan(case_id: UUID, call: Query, past: Past) -> list[answers.PlanAnswer]:
        """The plan, and on whose signature it waits; no entry while there is none."""
        case = await known(agency, case_id, call)
        shown = visible(agency, case.consents)
        then = await past.of(case_id, views, call.queries, withholding(agency, case.grants))
        activities = await then.select(CaseActivities, limit=ROWS_MAX, case_id=case_id)
        plans = await then.select(CasePlans, case_id=case_id)
        return [answers.plan(row, activities, shown) for row in plans]

    @router.get("/cases/{case_id}/presence", responses=forbidden)
    async def presence(case_id: UUID, call: Query, past: Past) -> list[answers.PresenceAnswer]:
        """Presence at placements and activities, day by day."""
        case = await known(agency, case_id, call)
        shown = visible(agency, case.consents)
        then = await past.of(case_id, views, call.queries, withholding(agency, case.grants))
        days = await then.select(AttendedDays, limit=ROWS_MAX, case_id=case_id)
        presences = await then.select(CasePresences, limit=ROWS_MAX, case_id=case_id)
        return [answers.presence(row, days, shown) for row in presences]

    @router.get("/deviations", responses=forbidden)
    async def deviations(call: Query, page: Page, reported_on: Day | None = None) -> list[answers.DayAnswer]:
        """Deviations that this agency is told of, reported on that day (today); withdrawn ones too."""
        refuse_counts_only(agency)
        told_on: date = reported_on or call.today
        rows = await call.many(AttendedDays, page, told=agency.code, reported_on=told_on)
        found = []
        for row in rows:
            case = await call.queries.get(SharedCases, row.case_id)
            # Whoever consent was once taken back from reads the day in the case itself, where it is known when it was.
            agreed = {} if case is None or withholding(agency, case.grants) else case.consents
            found.append(answers.day(row, visible(agency, agreed)))
        return found
