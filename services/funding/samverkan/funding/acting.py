"""What endpoints share: who acts, and the placement behind a compensation."""

from typing import Any, Final
from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.call import CommandCall, QueryCall
from samverkan.backbone.http.problems import MEDIA_TYPE
from samverkan.funding.compensation_view import CompensationRow, Compensations
from samverkan.funding.views import AgreedPlacements, PlacementRow

# A query that may be refused; the chassis documents refusals of commands only.
PROBLEM: Final[dict[str, Any]] = {
    "description": "A rule says no; `code` tells which.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


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
    if row is None:
        raise Refused("not-found")
    return row
