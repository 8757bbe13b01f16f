"""HTTP of insatser: propose, sign, start, make regular, end."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, Field, StrictInt, StringConstraints
from pydantic_core import PydanticCustomError

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.body import Body, Day, Kronor
from samverkan.backbone.http.call import Accepted, Command, Page, Query
from samverkan.backbone.http.fields import Line, Passage
from samverkan.backbone.telemetry.scrub import contains_person_number
from samverkan.funding.budget.law import FinsamLaw
from samverkan.funding.budget.messages import AssociationCode, MemberCode
from samverkan.funding.insats.insats import (
    INSATS,
    DescribeMethod,
    EndInsats,
    MakeRegular,
    SignInsats,
    StartInsats,
)
from samverkan.funding.insats.proposal import Contribution, Kind, ProposeInsats
from samverkan.funding.insats.views import Insatser, InsatsRow
from samverkan.schemas.catalogue import AGENCIES, Role

PARTIES_MAX: Final = 60
CONTRIBUTIONS_MAX: Final = 1_000
_OFFICES: Final = {agency.code for agency in AGENCIES if agency.role is Role.COORDINATION_ASSOCIATION}


def _of_nobody(text: str) -> str:
    """It travels in the open."""
    if contains_person_number(text):
        raise PydanticCustomError("person_number", "looks like a personnummer")
    return text


OpenLine = Annotated[Line, AfterValidator(_of_nobody)]
OpenPassage = Annotated[Passage, AfterValidator(_of_nobody)]
Party = Annotated[
    str,
    StringConstraints(
        pattern=r"^([0-9]{4}|[0-9]{2}[2-9][0-9]{3}-[0-9]{4}|[a-z][a-z0-9]*(-[a-z0-9]+){0,5})$", max_length=64
    ),
]
"""A member's code, or the code of the samordningsförbund itself."""


class ContributionBody(Body):
    """What one party gives in one year; staff and premises are valued in kronor."""

    party: Party
    year: Annotated[StrictInt, Field(ge=1900, le=2199)]
    kind: Kind
    amount: Kronor


class ProposeBody(Body):
    association: AssociationCode
    title: OpenLine
    target_group: OpenLine
    parties: Annotated[list[Party], Field(min_length=1, max_length=PARTIES_MAX)]
    steering_group: Annotated[list[Party], Field(max_length=PARTIES_MAX)]
    starts_on: Day
    ends_on: Day
    places: Annotated[StrictInt, Field(ge=1, le=100_000)]
    contributions: Annotated[list[ContributionBody], Field(min_length=1, max_length=CONTRIBUTIONS_MAX)]
    proposed_on: Day
    based_on: UUID | None = None


class SignBody(Body):
    party: Party
    signed_on: Day


class StartBody(Body):
    started_on: Day


class RegularBody(Body):
    """`yearly_cost`: kronor by party, in its ordinary budget."""

    decided_on: Day
    regular_from: Day
    yearly_cost: Annotated[dict[MemberCode, Kronor], Field(min_length=1, max_length=PARTIES_MAX)]


class MethodBody(Body):
    """For who would take it over; nothing of a person."""

    aim: OpenPassage
    way_of_working: OpenPassage
    staffing: OpenPassage
    lessons: OpenPassage
    described_on: Day


class EndBody(Body):
    last_day_on: Day


def insats_router(law: FinsamLaw) -> APIRouter:
    """Every endpoint of insatser; `law` knows which agency is which party."""
    router = APIRouter(tags=["insatser"])

    @router.post("/insatser")
    async def propose(body: ProposeBody, call: Command) -> Accepted:
        """Propose the agreement behind an insats to its parties."""
        return await call.execute(INSATS, call.new_id(), _proposal(body), create=True)

    @router.post("/insatser/{insats_id}/proposals")
    async def propose_anew(insats_id: UUID, body: ProposeBody, call: Command) -> Accepted:
        """Change it before it starts: every party is asked to sign anew."""
        if await call.queries.get(Insatser, insats_id) is None:
            raise Refused("insats-unknown")  # anew: it begins none
        return await call.execute(INSATS, insats_id, _proposal(body))

    @router.post("/insatser/{insats_id}/signatures")
    async def sign(insats_id: UUID, body: SignBody, call: Command) -> Accepted:
        """One party signed what is proposed: itself, or the förbund's office registers its signature."""
        if call.agency not in _OFFICES and not law.speaks_for(call.agency, body.party):
            raise Refused("not-the-party", party=body.party)
        return await call.execute(INSATS, insats_id, SignInsats(body.party, body.signed_on))

    @router.post("/insatser/{insats_id}/start")
    async def start(insats_id: UUID, body: StartBody, call: Command) -> Accepted:
        """It takes in participants, as a project."""
        return await call.execute(INSATS, insats_id, StartInsats(body.started_on))

    @router.post("/insatser/{insats_id}/regular-operation")
    async def make_regular(insats_id: UUID, body: RegularBody, call: Command) -> Accepted:
        """From project to regular operation, and who bears it from then on."""
        command = MakeRegular(body.decided_on, body.regular_from, dict(body.yearly_cost))
        return await call.execute(INSATS, insats_id, command)

    @router.post("/insatser/{insats_id}/method")
    async def describe(insats_id: UUID, body: MethodBody, call: Command) -> Accepted:
        """Describe the method for another municipality to take over."""
        return await call.execute(INSATS, insats_id, DescribeMethod(**dict(body)))

    @router.post("/insatser/{insats_id}/end")
    async def end(insats_id: UUID, body: EndBody, call: Command) -> Accepted:
        """Its last day."""
        return await call.execute(INSATS, insats_id, EndInsats(body.last_day_on))

    @router.get("/insatser")
    async def insatser(call: Query, page: Page) -> Sequence[InsatsRow]:
        """Insatser by id."""
        return await call.many(Insatser, page)

    @router.get("/insatser/{insats_id}")
    async def one(insats_id: UUID, call: Query) -> InsatsRow:
        """One insats with its parties and what each gives."""
        return await call.one(Insatser, insats_id)

    return router


def _proposal(body: ProposeBody) -> ProposeInsats:
    return ProposeInsats(
        association=body.association,
        title=body.title,
        target_group=body.target_group,
        parties=frozenset(body.parties),
        steering_group=frozenset(body.steering_group),
        starts_on=body.starts_on,
        ends_on=body.ends_on,
        places=body.places,
        contributions=tuple(
            Contribution(one.party, one.year, one.kind, Decimal(one.amount)) for one in body.contributions
        ),
        proposed_on=body.proposed_on,
        based_on=body.based_on,
    )
