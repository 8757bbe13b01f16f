"""Employers over HTTP: the register, what it says about eligibility, and the employer's own page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as PathParameter
from pydantic import StringConstraints

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.body import Body, Day
from samverkan.backbone.http.call import LIMIT_MAX, Accepted, Command, CommandCall, Page, Query
from samverkan.backbone.http.fields import Line
from samverkan.placement.employer import (
    EMPLOYER,
    DeregisterEmployer,
    RecordCheck,
    RegisterEmployer,
    RegisterWorkplace,
    employer_id,
)
from samverkan.placement.employer_eligibility import Criterion, Finding, Found, evaluate
from samverkan.placement.employer_page import EmployerPage, page_of
from samverkan.placement.fields import MunicipalityCode
from samverkan.placement.refusals import REFUSED
from samverkan.placement.views.employers import EmployerRow, Employers, SiteRow, Sites
from samverkan.placement.views.placements import Placements
from samverkan.placement.views.supports import Supports
from samverkan.schemas.employer import CheckKind, Conditions, Sector
from samverkan.schemas.participant import Programme

OrganisationNumber = Annotated[str, PathParameter(min_length=10, max_length=11, pattern=r"^[0-9]{6}-?[0-9]{4}$")]


class EmployerBody(Body):
    """What the register says. `organisation_number`: with or without a hyphen."""

    organisation_number: Annotated[str, StringConstraints(min_length=1, max_length=11)]
    name: Line
    sector: Sector
    conditions: Conditions
    pays_electronically: bool
    registered_on: Day


class SiteBody(Body):
    """A workplace with its supervisors. `municipality`: its code, four digits."""

    workplace: Line
    municipality: MunicipalityCode
    supervisors: list[Line] = []


class CheckBody(Body):
    """What was looked up; `last_dismissal_on` in a check of dismissals."""

    kind: CheckKind
    passed: bool
    checked_on: Day
    last_dismissal_on: Day | None = None


class DeregistrationBody(Body):
    """From when on the employer takes nobody."""

    deregistered_on: Day


@dataclass(frozen=True)
class EmployerAnswer:
    """An employer with its workplaces."""

    employer: EmployerRow
    workplaces: Sequence[SiteRow]


@dataclass(frozen=True)
class Eligibility:
    """`eligible` is null while something is unknown and nothing speaks against it."""

    form: Programme
    on: date
    eligible: bool | None
    criteria: Sequence[Found]


def employer_router(criteria: Sequence[Criterion]) -> APIRouter:
    """The endpoints about employers."""
    router = APIRouter(tags=["employers"])

    @router.post("/employers")
    async def register(body: EmployerBody, call: Command) -> Accepted:
        """Put an employer into the register, or say what holds now."""
        stream = employer_id(body.organisation_number)
        return await call.execute(EMPLOYER, stream, RegisterEmployer(**dict(body)), create=True)

    @router.post("/employers/{number}/workplaces")
    async def register_workplace(number: OrganisationNumber, body: SiteBody, call: Command) -> Accepted:
        """Put a workplace into the register, or say who supervises there now."""
        command = RegisterWorkplace(body.workplace, body.municipality, tuple(body.supervisors))
        return await call.execute(EMPLOYER, employer_id(number), command)

    @router.post("/employers/{number}/checks")
    async def check(number: OrganisationNumber, body: CheckBody, call: Command) -> Accepted:
        """Record what the caller, Samverkan-Actor, looked up."""
        if call.actor is None:
            raise Refused("actor-missing")
        return await call.execute(EMPLOYER, employer_id(number), RecordCheck(**dict(body), checked_by=call.actor))

    @router.post("/employers/{number}/deregistration")
    async def deregister(number: OrganisationNumber, body: DeregistrationBody, call: Command) -> Accepted:
        """The employer takes no more participants."""
        return await call.execute(EMPLOYER, employer_id(number), DeregisterEmployer(body.deregistered_on))

    @router.get("/employers")
    async def employers(call: Query, page: Page) -> Sequence[EmployerRow]:
        """The register by ascending id; the next page begins `after` the last one."""
        return await call.many(Employers, page)

    @router.get("/employers/{number}", responses=REFUSED)
    async def employer(number: OrganisationNumber, call: Query) -> EmployerAnswer:
        """One employer with its workplaces."""
        found = await call.one(Employers, employer_id(number))
        sites = await call.queries.select(Sites, limit=LIMIT_MAX, employer_id=found.employer_id)
        return EmployerAnswer(found, sites)

    @router.get("/employers/{number}/eligibility", responses=REFUSED)
    async def eligibility(
        number: OrganisationNumber, form: Programme, call: Query, on: Day | None = None
    ) -> Eligibility:
        """Every criterion of the form with what it came to, who looked, and when."""
        found = await call.one(Employers, employer_id(number))
        day = on or call.today
        criteria_found = evaluate(criteria, form, found.as_state(), day)
        findings = {one.finding for one in criteria_found}
        eligible = False if Finding.NOT_MET in findings else None if Finding.UNKNOWN in findings else True
        return Eligibility(form, day, eligible, criteria_found)

    @router.get("/employers/{number}/page", responses=REFUSED)
    async def page(number: OrganisationNumber, call: Query) -> EmployerPage:
        """All placements and supports of the employer, until when, and what is next. It need not be registered."""
        digits = number.replace("-", "")
        employer_id(digits)
        rows = await call.queries.select(Placements, limit=LIMIT_MAX, employer_number=digits)
        supports = [
            support for row in rows for support in await call.queries.select(Supports, placement_id=row.placement_id)
        ]
        return page_of(digits, rows, supports, call.today)

    return router


async def refuse_ineligible(
    call: CommandCall, criteria: Sequence[Criterion], number: str, form: Programme, on: date
) -> None:
    """Refused `employer-deregistered`, `employer-not-eligible`: what is known speaks against this employer.

    One that is not in the register, or not looked up, is not refused: what is unknown is AF's to find out.
    """
    row = await call.queries.get(Employers, employer_id(number))
    if row is None:
        return
    if row.deregistered_on is not None:
        raise Refused("employer-deregistered", deregistered_on=row.deregistered_on.isoformat())
    lacking = [one for one in evaluate(criteria, form, row.as_state(), on) if one.finding is Finding.NOT_MET]
    if lacking:
        raise Refused(
            "employer-not-eligible",
            criteria=", ".join(one.code for one in lacking),
            source="; ".join(sorted({one.source for one in lacking})),
        )
