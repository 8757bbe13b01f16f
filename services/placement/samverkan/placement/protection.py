"""Whether a workplace may be published at all: never for who has a protected identity (it fails closed)."""

from uuid import UUID

from samverkan.backbone.http.call import CommandCall
from samverkan.placement.views.participants import ParticipantSharing
from samverkan.placement.views.placements import Placements


async def withheld(call: CommandCall, case_id: UUID | None) -> bool:
    """Whether the participant of this case is protected."""
    if case_id is None:
        return False
    sharing = await call.queries.get(ParticipantSharing, case_id)
    return sharing is not None and sharing.protected


async def withheld_for(call: CommandCall, placement_id: UUID) -> bool:
    """Whether the participant of this placement is protected. An unknown placement is refused elsewhere."""
    row = await call.queries.get(Placements, placement_id)
    return await withheld(call, None if row is None else row.case_id)
