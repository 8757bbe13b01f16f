"""The supports that a person has been granted, from the views that tell of them, and decisions that rest on them."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from samverkan.backbone.command import Unchanged
from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import RowChanged, Transient
from samverkan.backbone.http.call import Accepted, CommandCall
from samverkan.backbone.runtime import Queries
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.compensation_view import CompensationRow, Compensations
from samverkan.funding.employer_view import PlacementEmployers
from samverkan.funding.reading import every
from samverkan.funding.support_changes import SupportChanges
from samverkan.funding.time_used import Period, Support
from samverkan.funding.views import AgreedPlacements
from samverkan.schemas.participant import Programme

ATTEMPTS: Final = 5  # of a decision for a person of whom others decide in the same second


async def decide_beside_others(
    call: CommandCall,
    compensation: Aggregate[Compensation],
    compensation_id: UUID,
    command_for: Callable[[tuple[Support, ...], str | None], object],
) -> Accepted:
    """Carry out a decision that rests on the person's other supports and on whose workplace this one is at.

    Another decision on the same person in the same moment changes what it rests on: it is read and decided again
    (docs/decisions/0017). Transient: they were many, and nothing was written.
    """
    for _ in range(ATTEMPTS):
        row = await call.queries.get(Compensations, compensation_id)
        case_id, employer = (None, None) if row is None else (row.case_id, row.employer_number)
        changes = await call.queries.get(SupportChanges, case_id)  # before what it counts the changes of
        supports = await granted_supports(call.queries, case_id)
        others = tuple(support for other, support in supports.items() if other != compensation_id)
        unchanged = None if case_id is None else Unchanged(SupportChanges, case_id, changes)
        try:
            return await call.execute(compensation, compensation_id, command_for(others, employer), unchanged=unchanged)
        except RowChanged:
            continue
    raise Transient("supports-changing", f"{ATTEMPTS} times")


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
    days = (row.ends_on, row.ended_on, None if placement is None else placement.last_day_on)
    period = Period(row.starts_on, min(day for day in days if day is not None))
    if period.last_on < period.first_on:
        return None
    return Support(Programme(row.form), period, row.employer_number)
