"""Openings over HTTP: publish, offer, fill; what participants share, and which openings suit them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Header
from pydantic import Field, StringConstraints

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.body import Body, Code, Day, Extent
from samverkan.backbone.http.call import CALLERS, LIMIT_MAX, Accepted, Command, CommandCall, Page, Query
from samverkan.backbone.http.fields import Line, Passage
from samverkan.placement.bodies import Tasks
from samverkan.placement.employer import employer_id
from samverkan.placement.matching import Match, Offered, Wanted, ranked
from samverkan.placement.opening import (
    OPENING,
    DeclineOpening,
    FillOpening,
    OfferOpening,
    PublishOpening,
    ReopenOpening,
    WithdrawOpening,
)
from samverkan.placement.profile import PROFILE, ShareProfile, profile_id
from samverkan.placement.protection import withheld
from samverkan.placement.refusals import REFUSED
from samverkan.placement.views.employers import Employers, OpeningRow, Openings
from samverkan.placement.views.participants import EnrolledParticipants, ParticipantSharing
from samverkan.placement.views.supports import ProfileRow, Profiles
from samverkan.schemas.catalogue import AGENCIES, MAY_SEE, PARTICIPANT
from samverkan.schemas.envelope import Requirement
from samverkan.schemas.event import Compartment
from samverkan.schemas.opening import OpeningWork, WorkProfile
from samverkan.schemas.participant import Programme

CODES_MAX: Final = 30
Codes = Annotated[list[Code], Field(max_length=CODES_MAX)]
Forms = Annotated[list[Programme], Field(min_length=1, max_length=CODES_MAX)]
Ssyk = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
MunicipalityCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
AskingAgency = Annotated[
    str, Header(alias="Samverkan-Agency", pattern=f"^({'|'.join(CALLERS)})$", description="Who asks.")
]


class OpeningBody(Body):
    """A place at a registered employer. `occupation`: SSYK 2012, four digits; demands and offers are codes.

    `carved_for`: the case that the tasks were cut out for, if they were cut out for one person.
    """

    organisation_number: Annotated[str, StringConstraints(min_length=1, max_length=11)]
    workplace: Line
    supervisor: Line
    tasks: Tasks = []
    carved_for: UUID | None = None
    forms: Forms
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


class ProfileBody(Body):
    """What the participant agreed to share for matching, as codes; `needs` are of the health compartment."""

    shared_on: Day
    forms: Annotated[list[Programme], Field(max_length=CODES_MAX)] = []
    occupations: Annotated[list[Ssyk], Field(max_length=CODES_MAX)] = []
    abilities: Codes = []
    municipalities: Annotated[list[MunicipalityCode], Field(max_length=CODES_MAX)] = []
    extent_most: Extent | None = None
    available_from: Day | None = None
    needs: Codes = []


@dataclass(frozen=True)
class Matches:
    """Openings for a participant, best first; `not_shared` are compartments that the agency may not look at."""

    case_id: UUID
    not_shared: Sequence[str]
    matches: Sequence[Match]


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
    await _enrolled(call, body.case_id)
    command = OfferOpening(body.case_id, body.offered_on, withheld=await withheld(call, body.case_id))
    return await call.execute(OPENING, opening_id, command)


@router.post("/openings/{opening_id}/decline")
async def decline(opening_id: UUID, body: DeclineBody, call: Command) -> Accepted:
    """The participant said no; the opening is open again."""
    return await call.execute(OPENING, opening_id, DeclineOpening(body.declined_on))


@router.post("/openings/{opening_id}/fill")
async def fill(opening_id: UUID, body: FillBody, call: Command) -> Accepted:
    """The participant has the place. Of two at once one is refused."""
    await _enrolled(call, body.case_id)
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


@router.post("/cases/{case_id}/matching-profile")
async def share_profile(case_id: UUID, body: ProfileBody, call: Command) -> Accepted:
    """Record what the participant agreed to share for matching; it takes the place of what was shared before."""
    work = WorkProfile(
        forms=tuple(body.forms),
        occupations=tuple(body.occupations),
        abilities=tuple(body.abilities),
        municipalities=tuple(body.municipalities),
        extent_most=body.extent_most,
        available_from=body.available_from,
    )
    command = ShareProfile(case_id, body.shared_on, work, tuple(body.needs))
    enrolled = await _enrolled(call, case_id)
    return await call.execute(
        PROFILE,
        profile_id(case_id),
        command,
        correlation_id=case_id,
        requires=[Requirement(PARTICIPANT.name, case_id, enrolled)],
    )


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


@router.get("/cases/{case_id}/matches", responses=REFUSED)
async def matches(case_id: UUID, agency: AskingAgency, call: Query) -> Matches:
    """The open places, best first, each with its reasons; only what is shared with the asking agency is looked at."""
    sharing = await call.queries.get(ParticipantSharing, case_id)
    shown = _shown(agency, frozenset() if sharing is None else sharing.shared_with(agency))
    if Compartment.EMPLOYMENT not in shown:
        raise Refused("profile-not-shared", agency=agency)
    profile = await call.one(Profiles, case_id)
    open_ones = await call.queries.select(Openings, limit=LIMIT_MAX, state="open")
    needed = {Compartment.EMPLOYMENT, Compartment.HEALTH}
    return Matches(
        case_id,
        sorted(one.value for one in needed - shown),
        ranked(_wanted(profile, shown), [_offered(row) for row in open_ones]),
    )


async def _enrolled(call: CommandCall, case_id: UUID) -> int:
    """The case's version at its enrolment."""
    row = await call.queries.get(EnrolledParticipants, case_id)
    if row is None or row.enrolled_on is None:
        raise Refused("participant-not-enrolled")
    return row.version


def _shown(agency: str, agreed: frozenset[str]) -> frozenset[Compartment]:
    """What the participant agreed that this agency sees and its role allows."""
    roles = {known.code: known.role for known in AGENCIES}
    allowed = MAY_SEE[roles[agency]] if agency in roles else frozenset[Compartment]()
    return frozenset(one for one in allowed if one.value in agreed)


def _wanted(profile: ProfileRow, shown: frozenset[Compartment]) -> Wanted:
    return Wanted(
        case_id=profile.case_id,
        forms=profile.forms,
        occupations=profile.occupations,
        abilities=profile.abilities,
        municipalities=profile.municipalities,
        extent_most=profile.extent_most,
        available_from=profile.available_from,
        needs=profile.needs if Compartment.HEALTH in shown else None,
    )


def _offered(row: OpeningRow) -> Offered:
    assert row.municipality is not None
    assert row.occupation is not None
    assert row.extent_least is not None
    assert row.available_from is not None
    return Offered(
        opening_id=row.opening_id,
        forms=row.forms,
        municipality=row.municipality,
        occupation=row.occupation,
        extent_least=row.extent_least,
        available_from=row.available_from,
        available_until=row.available_until,
        demands=row.demands,
        offers=row.offers,
        carved_for=row.carved_for,
    )
