"""Openings over HTTP: a place at an employer is published, offered, filled, free again, withdrawn."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.body import Body, Day, Extent
from samverkan.backbone.http.call import Accepted, Command, Page, Query
from samverkan.backbone.http.fields import Line, Passage
from samverkan.placement.bodies import Tasks
from samverkan.placement.employer import employer_id
from samverkan.placement.enrolment import enrolled
from samverkan.placement.fields import Codes, Forms, MunicipalityCode, Ssyk
from samverkan.placement.opening import (
    OPENING,
    DeclineOpening,
    FillOpening,
    OfferOpening,
    PublishOpening,
    ReopenOpening,
    WithdrawOpening,
)
from samverkan.placement.protection import withheld
from samverkan.placement.views.employers import Employers, OpeningRow, Openings
from samverkan.schemas.opening import OpeningWork


class OpeningBody(Body):
    """A place at a registered employer. `occupation`: SSYK 2012, four digits; demands and offers are codes.

    `carved_for`: the case that the tasks were cut out for, if they were cut out for one person.
    """

    organisation_number: Annotated[str, StringConstraints(min_length=1, max_length=11)]
    workplace: Line
    supervisor: Line
    tasks: Tasks = []
    carved_for: UUID | None = None
    forms: Annotated[Forms, Field(min_length=1)]
    municipality: MunicipalityCode
    occupation: Ssyk
    extent_least: Extent
    extent_most: Extent
    available_from: Day
    available_until: Day | None = None
    demands: Codes = []
    offers: Codes = []


class OfferBody(Body):
    """To whom, and when."""

    case_id: UUID
    offered_on: Day


class DeclineBody(Body):
    """When the participant said no."""

    declined_on: Day


class FillBody(Body):
    """Who has the place, and since when."""

    case_id: UUID
    filled_on: Day


class ReopenBody(Body):
    """Since when the place is free again."""

    reopened_on: Day


class WithdrawBody(Body):
    """Why there is no place any more."""

    withdrawn_on: Day
    reason: Passage


router = APIRouter(tags=["openings"])


@router.post("/openings")
async def publish(body: OpeningBody, call: Command) -> Accepted:
    """A registered employer has a place that waits for a participant. A protected one is not named."""
    employer = employer_id(body.organisation_number)
    row = await call.queries.get(Employers, employer)
    if row is None:
        raise Refused("employer-unknown")
    if row.deregistered_on is not None:
        raise Refused("employer-deregistered", deregistered_on=row.deregistered_on.isoformat())
    work = OpeningWork(
        workplace=body.workplace,
        supervisor=body.supervisor,
        tasks=tuple(body.tasks),
        carved_for=None if await withheld(call, body.carved_for) else body.carved_for,
    )
    command = PublishOpening(
        organisation_id=employer,
        forms=tuple(body.forms),
        municipality=body.municipality,
        occupation=body.occupation,
        extent_least=body.extent_least,
        extent_most=body.extent_most,
        available_from=body.available_from,
        available_until=body.available_until,
        demands=tuple(body.demands),
        offers=tuple(body.offers),
        work=work,
    )
    return await call.execute(OPENING, call.new_id(), command, create=True)


@router.post("/openings/{opening_id}/offer")
async def offer(opening_id: UUID, body: OfferBody, call: Command) -> Accepted:
    """Hold the place for an enrolled participant."""
    await enrolled(call, body.case_id)
    command = OfferOpening(body.case_id, body.offered_on, withheld=await withheld(call, body.case_id))
    return await call.execute(OPENING, opening_id, command)


@router.post("/openings/{opening_id}/decline")
async def decline(opening_id: UUID, body: DeclineBody, call: Command) -> Accepted:
    """The participant said no; the opening is open again."""
    return await call.execute(OPENING, opening_id, DeclineOpening(body.declined_on))


@router.post("/openings/{opening_id}/fill")
async def fill(opening_id: UUID, body: FillBody, call: Command) -> Accepted:
    """The participant has the place. Of two at once one is refused."""
    await enrolled(call, body.case_id)
    command = FillOpening(body.case_id, body.filled_on, withheld=await withheld(call, body.case_id))
    return await call.execute(OPENING, opening_id, command)


@router.post("/openings/{opening_id}/reopening")
async def reopen(opening_id: UUID, body: ReopenBody, call: Command) -> Accepted:
    """The place is free again."""
    return await call.execute(OPENING, opening_id, ReopenOpening(body.reopened_on))


@router.post("/openings/{opening_id}/withdrawal")
async def withdraw(opening_id: UUID, body: WithdrawBody, call: Command) -> Accepted:
    """The employer has no place any more."""
    return await call.execute(OPENING, opening_id, WithdrawOpening(body.withdrawn_on, body.reason))


@router.get("/openings")
async def openings(
    call: Query, page: Page, state: Literal["open", "offered", "filled", "withdrawn"] | None = None
) -> Sequence[OpeningRow]:
    """The openings by ascending id, of one state if it is given; the next page begins `after` the last one."""
    return await call.many(Openings, page, **({} if state is None else {"state": state}))


@router.get("/openings/{opening_id}")
async def opening(opening_id: UUID, call: Query) -> OpeningRow:
    """One opening."""
    return await call.one(Openings, opening_id)
