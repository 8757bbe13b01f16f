"""Drafting and revising an agreement over HTTP: what other aggregates of placement say about it is looked up here."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.call import Accepted, Command, CommandCall
from samverkan.placement.agreement.agreement import AGREEMENT
from samverkan.placement.agreement.proposal import Predecessor, ProposePlacement, RevisePlacement
from samverkan.placement.bodies import ProposalBody, RevisionBody, WorkplaceBody
from samverkan.placement.employer_api import refuse_ineligible
from samverkan.placement.employer_eligibility import Criterion
from samverkan.placement.enrolment import enrolled
from samverkan.placement.protection import withheld
from samverkan.placement.views.employers import Openings
from samverkan.placement.views.placements import Placements
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import Terms


def proposal_router(criteria: Sequence[Criterion]) -> APIRouter:
    """The endpoints that draft and revise; employers are held against these criteria."""
    router = APIRouter(tags=["placement"])

    @router.post("/placements")
    async def propose(body: ProposalBody, call: Command) -> Accepted:
        """Draft an agreement for an enrolled participant."""
        enrolment = await enrolled(call, body.case_id)
        hidden = await withheld(call, body.case_id)
        await refuse_unfit(call, body.workplace, body.form, body.case_id, hidden=hidden)
        command = ProposePlacement(
            case_id=body.case_id,
            form=body.form,
            starts_on=body.starts_on,
            ends_on=body.ends_on,
            extent=body.extent,
            parties=tuple(body.parties),
            workplace=body.workplace.as_event(),
            terms=None if body.terms is None else Terms(**dict(body.terms)),
            follows=await _predecessor(call, body.follows),
            longer_ground=body.longer_ground,
            withheld=hidden,
        )
        return await call.execute(
            AGREEMENT,
            call.new_id(),
            command,
            correlation_id=body.case_id,
            requires=[enrolment],
            create=True,
        )

    @router.post("/placements/{placement_id}/revision")
    async def revise(placement_id: UUID, body: RevisionBody, call: Command) -> Accepted:
        """Change the agreement before the start. Everyone approves again; opinion and decision stay where they fit."""
        row = await call.queries.get(Placements, placement_id)
        hidden = await withheld(call, None if row is None else row.case_id)
        if row is not None and row.form is not None and row.case_id is not None and body.workplace is not None:
            await refuse_unfit(call, body.workplace, Programme(row.form), row.case_id, hidden=hidden)
        command = RevisePlacement(
            starts_on=body.starts_on,
            ends_on=body.ends_on,
            extent=body.extent,
            workplace=None if body.workplace is None else body.workplace.as_event(),
            terms=None if body.terms is None else Terms(**dict(body.terms)),
            longer_ground=body.longer_ground,
            withheld=hidden,
        )
        return await call.execute(AGREEMENT, placement_id, command)

    async def refuse_unfit(
        call: CommandCall, workplace: WorkplaceBody, form: Programme, case_id: UUID, *, hidden: bool
    ) -> None:
        await refuse_ineligible(call, criteria, workplace.employer_number, form, call.today)
        await _refuse_another_opening(call, workplace.opening_id, case_id, hidden=hidden)

    return router


async def _predecessor(call: CommandCall, placement_id: UUID | None) -> Predecessor | None:
    if placement_id is None:
        return None
    row = await call.queries.get(Placements, placement_id)
    if row is None:
        raise Refused("follows-unknown")
    return Predecessor(row.placement_id, row.case_id, row.step, row.started_on is not None)


async def _refuse_another_opening(call: CommandCall, opening_id: UUID | None, case_id: UUID, *, hidden: bool) -> None:
    """Refused `opening-unknown`, `opening-not-for-participant`: the place is claimed first, then proposed for.

    A protected participant's place is filled without a name; that it is filled must do.
    """
    if opening_id is None:
        return
    row = await call.queries.get(Openings, opening_id)
    if row is None:
        raise Refused("opening-unknown")
    if row.state != "filled" or row.holder != (None if hidden else case_id):
        raise Refused("opening-not-for-participant")
