"""The papers of a compensation over HTTP: its decision, and fetching what was made."""

from uuid import UUID

from fastapi import APIRouter

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.call import Command
from samverkan.backbone.papers.desk import Desk, MadePaper
from samverkan.backbone.papers.template import Templates
from samverkan.funding.compensation_view import Compensations
from samverkan.funding.decision_paper import COMPENSATION_PAPER, CompensationPapers, decision_paper
from samverkan.funding.decision_parties import DecisionEmployers, DecisionPersons
from samverkan.funding.rules.rulebook import Rulebook


def paper_routes(rules: Rulebook, templates: Templates) -> APIRouter:
    """Making and fetching the papers of a compensation."""
    desk = Desk(COMPENSATION_PAPER, CompensationPapers, templates)
    router = APIRouter(tags=["papers"])

    @router.post("/compensations/{compensation_id}/papers/decision")
    async def decision(compensation_id: UUID, call: Command) -> MadePaper:
        """Make the decision that the employer is given, with how to have it reviewed and appeal."""
        row = await call.queries.get(Compensations, compensation_id)
        if row is None:
            raise Refused("not-applied")
        employer = await call.queries.get(DecisionEmployers, row.placement_id)
        person = await call.queries.get(DecisionPersons, row.case_id)
        return await desk.make(call, decision_paper(rules, row, employer, person))

    router.include_router(desk.routes())
    return router
