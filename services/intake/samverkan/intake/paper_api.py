"""The papers of a case over HTTP: a consent to be signed, and fetching what was made."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.body import Body, Code
from samverkan.backbone.http.call import LIMIT_MAX, Command, CommandCall
from samverkan.backbone.http.fields import Line, Passage
from samverkan.backbone.papers.desk import Desk, MadePaper
from samverkan.backbone.papers.template import Templates
from samverkan.intake.case.consent import refuse_forbidden
from samverkan.intake.case_paper import CASE_PAPER, CasePapers, ConsentForm, Edition, consent_paper
from samverkan.intake.course_view import Courses
from samverkan.intake.open_case import refuse_caller
from samverkan.intake.plan.plan import plan_id
from samverkan.intake.plan_paper import plan_paper
from samverkan.intake.plan_view import PlanActivities, Plans
from samverkan.intake.views import CaseRow, Cases
from samverkan.schemas.event import COMPARTMENTS, Compartment
from samverkan.schemas.participant import Programme


class ConsentFormBody(Body):
    """A consent to be signed: what `POST /cases/{id}/consents` then records, and in which edition it is written.

    `guardian`: the guardian's name, when one signs; `guardian_ground` why. `interpreter`: the language in which an
    interpreter reads the form aloud.
    """

    agency: Code
    purpose: Code
    compartments: Annotated[list[Compartment], Field(min_length=1, max_length=len(COMPARTMENTS))]
    edition: Edition = Edition.SWEDISH
    insats: Programme | None = None
    guardian: Line | None = None
    guardian_ground: Passage | None = None
    interpreter: Line | None = None


def paper_routes(templates: Templates) -> APIRouter:
    """Making and fetching the papers of a case."""
    desk = Desk(CASE_PAPER, CasePapers, templates)
    router = APIRouter(tags=["papers"])

    @router.post("/cases/{case_id}/papers/consent")
    async def consent(case_id: UUID, body: ConsentFormBody, call: Command) -> MadePaper:
        """Make the form that the participant signs. It promises only what a consent may cover."""
        row, registration = await _case(call, case_id)
        if row is None:
            raise Refused("case-unknown")
        compartments = frozenset(body.compartments)
        refuse_forbidden(body.agency, compartments)
        form = ConsentForm(**{**dict(body), "compartments": compartments})
        return await desk.make(call, consent_paper(form, row, call.agency, registration))

    @router.post("/cases/{case_id}/papers/plan")
    async def plan(case_id: UUID, call: Command) -> MadePaper:
        """Make the plan as its current revision has it: to be signed by who has not signed it yet."""
        row = await call.queries.get(Plans, plan_id(case_id))
        if row is None:
            raise Refused("plan-unknown")
        activities = await call.queries.select(PlanActivities, case_id=case_id, limit=LIMIT_MAX)
        case, registration = await _case(call, case_id)
        return await desk.make(call, plan_paper(row, activities, case, call.agency, registration))

    router.include_router(desk.routes())
    return router


async def _case(call: CommandCall, case_id: UUID) -> tuple[CaseRow | None, str | None]:
    """The case and the caller's diarienummer of it. Who is protected is named by the keeper alone.

    Refused: what `refuse_caller` says.
    """
    row, course = await call.queries.get(Cases, case_id), await call.queries.get(Courses, case_id)
    if course is None:
        return row, None
    await refuse_caller(call, course)
    if row is not None and course.protected_on is not None and course.keeper != call.agency:
        row = replace(row, name=None, person_number=None)
    return row, course.registrations.get(call.agency)
