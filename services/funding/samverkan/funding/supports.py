"""The supports that a person has been granted, from the views that tell of them. Pure but for the reading."""

from uuid import UUID

from samverkan.backbone.runtime import Queries
from samverkan.funding.compensation_view import CompensationRow, Compensations
from samverkan.funding.employer_view import PlacementEmployers
from samverkan.funding.reading import every
from samverkan.funding.time_used import Period, Support
from samverkan.funding.views import AgreedPlacements
from samverkan.schemas.participant import Programme


async def granted_supports(queries: Queries, case_id: UUID | None) -> dict[UUID, Support]:
    """By compensation: every support granted in this case, whoever the employer, on the days that are decided now and
    until its placement's last day.

    One without such a day is none: revoked from its first day, or ended before it. A person has one case, so those of
    a case are those of a person.
    """
    if case_id is None:
        return {}
    found = {}
    async for row in every(queries, Compensations, case_id=case_id):
        support = await _support(queries, row)
        if support is not None:
            found[row.compensation_id] = support
    return found


async def employer_of(queries: Queries, placement_id: UUID) -> str | None:
    """Whose workplace the placement is at; None when it is not known or sealed to us."""
    row = await queries.get(PlacementEmployers, placement_id)
    return None if row is None else row.employer_number


async def _support(queries: Queries, row: CompensationRow) -> Support | None:
    if row.rule_version is None:
        return None  # not granted
    assert row.form is not None and row.starts_on is not None and row.ends_on is not None
    placement = await queries.get(AgreedPlacements, row.placement_id)
    last_day_on = None if placement is None else placement.last_day_on
    period = Period(row.starts_on, min(row.ends_on, last_day_on or row.ends_on))
    if period.last_on < period.first_on:
        return None
    return Support(Programme(row.form), period, row.employer_number)
