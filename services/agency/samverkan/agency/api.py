"""An agency's own view of the shared case, over HTTP. It reads only what its own store holds."""

from collections.abc import Sequence
from functools import partial
from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from samverkan.agency import answers, timeline
from samverkan.agency.asking import FORBIDDEN, asked_case, consents_of, of_row, refuse_counts_only
from samverkan.agency.benefit_view import Benefits
from samverkan.agency.case_course_view import SharedCourses
from samverkan.agency.case_view import SharedCases
from samverkan.agency.compensation_view import Claims, Compensations
from samverkan.agency.consents import Grant, hidden
from samverkan.agency.finsam_view import BudgetRow, FinsamBudgets, FinsamInsatser, InsatsRow
from samverkan.agency.notification_view import Notifications
from samverkan.agency.paper_view import CasePaperRow, CasePapers
from samverkan.agency.past import Past
from samverkan.agency.person_tally_view import PersonTally, PersonTallyRow
from samverkan.agency.placement_view import CasePlacements
from samverkan.agency.reminder_view import ReminderRow, Reminders
from samverkan.agency.results_view import (
    HalfYearlyReport,
    InsatsMethods,
    PublishedResults,
    ResultRow,
    half_yearly_report,
)
from samverkan.agency.sharing import visible
from samverkan.agency.tally_view import NAMES, Tally
from samverkan.backbone.http.call import LIMIT_MAX, Page, Query, found
from samverkan.schemas.catalogue import Agency


def routes(agency: Agency) -> APIRouter:
    """The queries of this agency. A coordination association is refused whatever tells of a case."""
    router = APIRouter(tags=["agency"])

    @router.get("/counts")
    async def counts(call: Query) -> dict[str, int]:
        """How many cases, participations, started placements, and ended ones by outcome. Sex is not known here."""
        found = {row.name: row.number for row in await call.queries.select(Tally)}
        return {name: found.get(name, 0) for name in NAMES}

    @router.get("/budgets")
    async def budgets(call: Query, page: Page) -> Sequence[BudgetRow]:
        """Finsam budgets with what is left of them; every agency may know."""
        return await call.many(FinsamBudgets, page)

    @router.get("/insatser")
    async def insatser(call: Query, page: Page) -> Sequence[InsatsRow]:
        """The insatser that budgets finance: parties, what each gives, and how far it has come."""
        return await call.many(FinsamInsatser, page)

    @router.get("/budgets/{budget_id}")
    async def budget(budget_id: UUID, call: Query) -> BudgetRow:
        """One Finsam budget."""
        return await call.one(FinsamBudgets, budget_id)

    @router.get("/insatser/{insats_id}/report")
    async def insats_report(insats_id: UUID, call: Query) -> HalfYearlyReport:
        """The half-yearly report of an insats: its agreement, method, results, cost each and the saved capital; beside
        it how it goes for the insats whose method it took over."""
        insats = await call.one(FinsamInsatser, insats_id)
        select = call.queries.select
        method = await call.one(InsatsMethods, insats_id)
        results = list(await select(PublishedResults, limit=LIMIT_MAX, insats_id=insats_id))
        if method.based_on is not None:
            results += await select(PublishedResults, limit=LIMIT_MAX, insats_id=method.based_on)
        return half_yearly_report(insats, await select(FinsamBudgets, limit=LIMIT_MAX), results, method)

    @router.get("/results")
    async def results(call: Query, page: Page) -> Sequence[ResultRow]:
        """Every published half-year, to be compared with."""
        return await call.many(PublishedResults, page)

    @router.get("/cases", responses=FORBIDDEN)
    async def cases(call: Query, page: Page) -> list[answers.CaseAnswer]:
        """The shared cases by ascending id; the next page begins `after` the last one."""
        refuse_counts_only(agency)
        listed = []
        for row in await call.many(SharedCases, page):
            case, as_read = await of_row(agency, row, call), None
            if case.then is not call.queries:
                as_read = await case.then.get(SharedCases, row.case_id)
            listed.append(answers.case(as_read or row, case.shown))
        return listed

    @router.get("/cases/{case_id}", responses=FORBIDDEN)
    async def case(case_id: UUID, call: Query, past: Past) -> answers.WholeCaseAnswer:
        """One case with its placements, compensations, claims and notifications: as it is, or as it was.

        A case of which nothing was known then is not found. What is shown follows the consents of today.
        """
        case = await asked_case(agency, case_id, call, past)
        known = await case.then.get(SharedCases, case_id)
        course = await case.then.get(SharedCourses, case_id)
        select = case.then.select
        return answers.whole_case(
            found(known),
            await select(CasePlacements, limit=LIMIT_MAX, case_id=case_id),
            await select(Compensations, limit=LIMIT_MAX, case_id=case_id),
            await select(Claims, limit=LIMIT_MAX, case_id=case_id),
            await select(Benefits, limit=LIMIT_MAX, case_id=case_id),
            await select(Notifications, limit=LIMIT_MAX, case_id=case_id),
            course,
            case.shown,
        )

    @router.get("/cases/{case_id}/timeline", responses=FORBIDDEN)
    async def case_timeline(case_id: UUID, call: Query) -> list[timeline.Entry]:
        """Every applied event of the case in the order of application."""
        refuse_counts_only(agency)
        row = await call.one(SharedCases, case_id)
        shown = visible(agency, row.consents)
        kept_back = partial(hidden, await consents_of(case_id, call), agency.code)
        return [
            timeline.entry(recorded, applied_at, shown - kept_back(recorded.envelope.recorded_at))
            for recorded, applied_at in await call.queries.timeline(case_id)
        ]

    @router.get("/cases/{case_id}/consents", responses=FORBIDDEN)
    async def case_consents(case_id: UUID, call: Query) -> Sequence[Grant]:
        """Every consent of the case: to whom, for what, from when, and when which part of it ended."""
        refuse_counts_only(agency)
        row = await call.one(SharedCases, case_id)
        return await consents_of(row.case_id, call)

    @router.get("/cases/{case_id}/papers", responses=FORBIDDEN)
    async def case_papers(case_id: UUID, call: Query, past: Past) -> Sequence[CasePaperRow]:
        """The papers that were made of the case, by ascending hash: of what, when, and of which compartments they tell.

        What stands in one is fetched from the service that made it.
        """
        case = await asked_case(agency, case_id, call, past)
        return await case.then.select(CasePapers, limit=LIMIT_MAX, case_id=case_id)

    @router.get("/person-counts")
    async def person_counts(call: Query, page: Page) -> Sequence[PersonTallyRow]:
        """Women and men that take part or are followed up without a name, by registration year."""
        return await call.many(PersonTally, page)

    @router.get("/reminders", responses=FORBIDDEN)
    async def reminders(
        call: Query,
        page: Page,
        case_id: UUID | None = None,
        state: Literal["fired", "settled"] | None = None,
    ) -> Sequence[ReminderRow]:
        """Deadlines that were reminded of; with `state=fired` those that are still to be kept."""
        refuse_counts_only(agency)
        asked = {"case_id": case_id, "state": state}
        return await call.many(Reminders, page, **{name: value for name, value in asked.items() if value is not None})

    return router
