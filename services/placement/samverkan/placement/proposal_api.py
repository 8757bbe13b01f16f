"""Drafting an agreement over HTTP: what other aggregates of placement say about it is looked up here."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.call import Accepted, Command, CommandCall
from samverkan.placement.agreement.agreement import AGREEMENT
from samverkan.placement.agreement.proposal import Predecessor, ProposePlacement
from samverkan.placement.bodies import ProposalBody
from samverkan.placement.employer_api import refuse_ineligible
from samverkan.placement.employer_eligibility import Criterion
from samverkan.placement.protection import withheld
from samverkan.placement.views.employers import Openings
from samverkan.placement.views.participants import EnrolledParticipants
from samverkan.placement.views.placements import Placements
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.envelope import Requirement
from samverkan.schemas.placement import Terms


def proposal_router(criteria: Sequence[Criterion]) -> APIRouter:
    """The endpoint that drafts; employers are held against these criteria."""
    router = APIRouter(tags=["placement"])

    @router.post("/placements")
    async def propose(body: ProposalBody, call: Command) -> Accepted:
        """Draft an agreement for an enrolled participant."""
        enrolled = await call.queries.get(EnrolledParticipants, body.case_id)
        if enrolled is None or enrolled.enrolled_on is None:
            raise Refused("participant-not-enrolled")
        hidden = await withheld(call, body.case_id)
        await refuse_ineligible(call, criteria, body.workplace.employer_number, body.form, call.today)
        await _refuse_another_opening(call, body.workplace.opening_id, body.case_id, hidden=hidden)
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
            requires=[Requirement(PARTICIPANT.name, body.case_id, enrolled.version)],
            create=True,
        )

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
