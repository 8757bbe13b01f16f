"""The supports that a person has been granted, from the views that tell of them. Pure but for the reading."""

from uuid import UUID

from samverkan.backbone.http.call import LIMIT_MAX
from samverkan.backbone.runtime import Queries
from samverkan.funding.support_view import PlacementEmployers, SupportRow, Supports
from samverkan.funding.time_used import Period, Support
from samverkan.funding.views import AgreedPlacements
from samverkan.schemas.participant import Programme


async def granted_supports(queries: Queries, case_id: UUID | None) -> dict[UUID, Support]:
    """By compensation: every support granted in this case, whoever the employer, until its placement's last day.

    One that ended before its first day is none.
    """
    if case_id is None:
        return {}
    found = {}
    for row in await queries.select(Supports, limit=LIMIT_MAX, case_id=case_id):
        support = await _support(queries, row)
        if support is not None:
            found[row.compensation_id] = support
    return found


async def employer_of(queries: Queries, placement_id: UUID | None) -> str | None:
    """Whose workplace the placement is at; None when it is not known or sealed to us."""
    row = await queries.get(PlacementEmployers, placement_id)
    return None if row is None else row.employer_number


async def _support(queries: Queries, row: SupportRow) -> Support | None:
    assert row.form is not None and row.starts_on is not None and row.ends_on is not None
    placement = await queries.get(AgreedPlacements, row.placement_id)
    last_day_on = None if placement is None else placement.last_day_on
    period = Period(row.starts_on, min(row.ends_on, last_day_on or row.ends_on))
    if period.last_on < period.first_on:
        return None
    return Support(Programme(row.form), period, await employer_of(queries, row.placement_id))
