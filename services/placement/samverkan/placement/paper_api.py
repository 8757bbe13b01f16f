"""The papers of a placement over HTTP: agreement, certificate, and fetching what was made."""

from uuid import UUID

from fastapi import APIRouter

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.call import Command, CommandCall
from samverkan.backbone.papers.desk import Desk, MadePaper
from samverkan.backbone.papers.template import Templates
from samverkan.placement.placement_paper import PLACEMENT_PAPER, agreement_paper, certificate_paper
from samverkan.placement.protection import withheld
from samverkan.placement.views.paper_facts import (
    PaperFacts,
    PaperFactsRow,
    PaperPersonRow,
    PaperPersons,
    PlacementPapers,
)
from samverkan.placement.views.placements import PlacementRow, Placements

_Found = tuple[PlacementRow, PaperFactsRow | None, PaperPersonRow | None]


def paper_routes(templates: Templates) -> APIRouter:
    """Making and fetching the papers of a placement."""
    desk = Desk(PLACEMENT_PAPER, PlacementPapers, templates)
    router = APIRouter(tags=["papers"])

    @router.post("/placements/{placement_id}/papers/agreement")
    async def agreement(placement_id: UUID, call: Command) -> MadePaper:
        """Make the agreement as it stands: to be signed by who has not approved it yet."""
        return await desk.make(call, agreement_paper(*await _facts(call, placement_id), call.agency))

    @router.post("/placements/{placement_id}/papers/certificate")
    async def certificate(placement_id: UUID, call: Command) -> MadePaper:
        """Make the certificate that the participant is given after a placement without pay."""
        return await desk.make(call, certificate_paper(*await _facts(call, placement_id), call.agency))

    router.include_router(desk.routes())
    return router


async def _facts(call: CommandCall, placement_id: UUID) -> _Found:
    """What the papers rest on. Refused `workplace-withheld`: a paper is published, and says where somebody works."""
    row = await call.queries.get(Placements, placement_id)
    if row is None:
        raise Refused("placement-unknown")
    if await withheld(call, row.case_id):
        raise Refused("workplace-withheld")
    facts = await call.queries.get(PaperFacts, placement_id)
    return row, facts, await call.queries.get(PaperPersons, row.case_id)
