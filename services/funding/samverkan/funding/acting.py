"""What endpoints share: who acts, and the placement behind a compensation."""

from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.call import CommandCall, QueryCall
from samverkan.backbone.http.call import found as row_found
from samverkan.funding.compensation_view import CompensationRow, Compensations
from samverkan.funding.views import AgreedPlacements, PlacementRow


def actor_of(call: CommandCall) -> str:
    """Who it is. Refused `actor-missing`: a decision that nobody made cannot be attested by another one."""
    if call.actor is None:
        raise Refused("actor-missing")
    return call.actor


async def placement_of(call: CommandCall | QueryCall, compensation: CompensationRow | None) -> PlacementRow | None:
    """The placement as placement has told of it so far; None: nothing yet."""
    if compensation is None:
        return None
    return await call.queries.get(AgreedPlacements, compensation.placement_id)


async def found(call: QueryCall, compensation_id: UUID) -> CompensationRow:
    """The compensation's row. Refused `not-found`."""
    row = await call.queries.get(Compensations, compensation_id)
    return row_found(row)
