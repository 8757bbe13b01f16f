"""Matching over HTTP: what participants share for it, and which openings suit them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header
from pydantic import Field

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.body import Body, Day, Extent
from samverkan.backbone.http.call import CALLERS, LIMIT_MAX, Accepted, Command, Query
from samverkan.placement.enrolment import enrolled
from samverkan.placement.fields import CODES_MAX, Codes, Forms, MunicipalityCode, Ssyk
from samverkan.placement.matching import Match, Offered, Wanted, ranked
from samverkan.placement.profile import PROFILE, ShareProfile, profile_id
from samverkan.placement.refusals import REFUSED
from samverkan.placement.views.employers import OpeningRow, Openings
from samverkan.placement.views.participants import ParticipantSharing
from samverkan.placement.views.supports import ProfileRow, Profiles
from samverkan.schemas.catalogue import AGENCIES, MAY_SEE
from samverkan.schemas.event import Compartment
from samverkan.schemas.opening import WorkProfile

AskingAgency = Annotated[
    str, Header(alias="Samverkan-Agency", pattern=f"^({'|'.join(CALLERS)})$", description="Who asks.")
]


class ProfileBody(Body):
    """What the participant agreed to share for matching, as codes; `needs` are of the health compartment."""

    shared_on: Day
    forms: Forms = []
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
    return await call.execute(
        PROFILE,
        profile_id(case_id),
        command,
        correlation_id=case_id,
        requires=[await enrolled(call, case_id)],
    )


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
