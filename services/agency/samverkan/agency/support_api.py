"""Measurements, plan and presence of a case as an agency sees them, over HTTP."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter

from samverkan.agency import support_answers as answers
from samverkan.agency.asking import FORBIDDEN, asked_case, refuse_counts_only
from samverkan.agency.assessment_view import Assessments
from samverkan.agency.case_view import SharedCases
from samverkan.agency.past import Past
from samverkan.agency.plan_view import CaseActivities, CasePlans
from samverkan.agency.presence_view import AttendedDays, CasePresences
from samverkan.agency.sharing import visible
from samverkan.backbone.http.body import Day
from samverkan.backbone.http.call import Page, Query
from samverkan.schemas.catalogue import Agency

ROWS_MAX = 5_000  # days of many years, or every activity of a plan: more than a case ever has


def support_routes(agency: Agency) -> APIRouter:
    """What this agency may ask about the support of a case."""
    router = APIRouter(tags=["agency"])

    @router.get("/cases/{case_id}/assessments", responses=FORBIDDEN)
    async def assessments(case_id: UUID, call: Query, past: Past) -> answers.AssessmentsAnswer:
        """The shared assessments, and the change in each domain of life."""
        case = await asked_case(agency, case_id, call, past)
        return answers.assessments(await case.then.select(Assessments, limit=ROWS_MAX, case_id=case_id), case.shown)

    @router.get("/cases/{case_id}/plan", responses=FORBIDDEN)
    async def plan(case_id: UUID, call: Query, past: Past) -> list[answers.PlanAnswer]:
        """The plan, and on whose signature it waits; no entry while there is none."""
        case = await asked_case(agency, case_id, call, past)
        activities = await case.then.select(CaseActivities, limit=ROWS_MAX, case_id=case_id)
        plans = await case.then.select(CasePlans, case_id=case_id)
        return [answers.plan(row, activities, case.shown) for row in plans]

    @router.get("/cases/{case_id}/presence", responses=FORBIDDEN)
    async def presence(case_id: UUID, call: Query, past: Past) -> list[answers.PresenceAnswer]:
        """Presence at placements and activities, day by day."""
        case = await asked_case(agency, case_id, call, past)
        days = await case.then.select(AttendedDays, limit=ROWS_MAX, case_id=case_id)
        presences = await case.then.select(CasePresences, limit=ROWS_MAX, case_id=case_id)
        return [answers.presence(row, days, case.shown) for row in presences]

    @router.get("/deviations", responses=FORBIDDEN)
    async def deviations(call: Query, page: Page, reported_on: Day | None = None) -> list[answers.DayAnswer]:
        """Deviations that this agency is told of, reported on that day (today); withdrawn ones too."""
        refuse_counts_only(agency)
        told_on: date = reported_on or call.today
        rows = await call.many(AttendedDays, page, told=agency.code, reported_on=told_on)
        found = []
        for row in rows:
            case = await call.queries.get(SharedCases, row.case_id)
            # Whoever consent was once taken back from reads the day in the case itself, where it is known when it was.
            agreed = {} if case is None or agency.code in case.taken_back_from else case.consents
            found.append(answers.day(row, visible(agency, agreed)))
        return found

    return router
