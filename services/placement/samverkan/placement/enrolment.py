"""Whether somebody may be placed: who is enrolled, as far as it has arrived here."""

from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.call import CommandCall
from samverkan.placement.views.participants import EnrolledParticipants
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.envelope import Requirement


async def enrolled(call: CommandCall, case_id: UUID) -> Requirement:
    """The enrolment that what follows rests on. Refused `participant-not-enrolled`."""
    row = await call.queries.get(EnrolledParticipants, case_id)
    if row is None or row.enrolled_on is None:
        raise Refused("participant-not-enrolled")
    return Requirement(PARTICIPANT.name, case_id, row.version)
