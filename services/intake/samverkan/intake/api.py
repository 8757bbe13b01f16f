"""Intake over HTTP. A command becomes a call of one line; the personnummer is checked before anything is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field, StrictBool, StrictInt, StringConstraints

from samverkan.backbone.http.body import Body, Code, Day
from samverkan.backbone.http.call import Accepted, Command, Page, Query
from samverkan.backbone.http.fields import Line, Passage
from samverkan.intake import person_number
from samverkan.intake.blind_index import PersonIndex
from samverkan.intake.case.assessment import RecordAssessment
from samverkan.intake.case.case import CASE
from samverkan.intake.case.consent import GiveConsent
from samverkan.intake.case.enrolment import EnrolParticipant
from samverkan.intake.case.referral import ReferParticipant
from samverkan.intake.views import CaseRow, Cases
from samverkan.schemas.event import COMPARTMENTS, Compartment
from samverkan.schemas.participant import Contact, Programme

AGENCIES_MAX: Final = 20
SCORES_MAX: Final = 20


class ContactBody(Body):
    """How the participant is reached. `language`: ISO 639-1."""

    telephone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ()-]{3,30}$")] | None = None
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]{1,64}@[^@\s]{1,190}$")] | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] | None = None
    needs_interpreter: StrictBool | None = None


class ReferralBody(Body):
    """A referral. `person_number`: personnummer or samordningsnummer, 12 digits, with or without a hyphen."""

    person_number: Annotated[str, StringConstraints(min_length=1, max_length=13)]
    name: Line | None = None
    programme: Programme
    referred_by: Code
    agencies_needed: Annotated[list[Code], Field(min_length=1, max_length=AGENCIES_MAX)]
    received_on: Day
    contact: ContactBody | None = None
    reason: Passage | None = None


class ConsentBody(Body):
    """A signed consent. `purpose` is a code (`shared-case`), for it travels in the open."""

    agency: Code
    purpose: Code
    compartments: Annotated[list[Compartment], Field(min_length=1, max_length=len(COMPARTMENTS))]
    given_on: Day


class AssessmentBody(Body):
    """Answers of the shared assessment: domain → score on the instrument's scale."""

    instrument: Code = "five-domains"
    instrument_version: Annotated[StrictInt, Field(ge=1, le=1000)] = 1
    assessed_on: Day
    scores: Annotated[dict[Code, Annotated[StrictInt, Field(ge=0, le=100)]], Field(min_length=1, max_length=SCORES_MAX)]


class EnrolmentBody(Body):
    """An enrolment, with the facts that the caseworker has seen evidence of; what is left out is not known."""

    programme: Programme
    enrolled_on: Day
    unemployed: StrictBool | None = None
    in_job_programme: StrictBool | None = None
    youth_guarantee_days: Annotated[StrictInt, Field(ge=0, le=10_000)] | None = None
    newly_arrived: StrictBool | None = None
    job_benefit_days: Annotated[StrictInt, Field(ge=0, le=10_000)] | None = None
    absent_months_of_15: Annotated[StrictInt, Field(ge=0, le=15)] | None = None
    absent_months_of_9: Annotated[StrictInt, Field(ge=0, le=9)] | None = None
    work_capacity_assessed: StrictBool | None = None
    exception_under_25: StrictBool | None = None


@dataclass(frozen=True)
class CaseSummary:
    """A case in a list: nothing that tells who it is."""

    case_id: UUID
    version: int
    state: str
    programme: str | None
    referred_by: str | None
    received_on: date | None
    agencies_needed: Sequence[str]
    agencies_consented: Sequence[str]
    enrolled_on: date | None
    placements_started: int
    placements_ended: int


def routes(person_index: PersonIndex) -> APIRouter:
    """Intake's commands and queries."""
    router = APIRouter(tags=["intake"])

    @router.post("/referrals")
    async def refer(body: ReferralBody, call: Command, response: Response) -> Accepted:
        """Refer a person. A person who has a case already gets this referral added to it: `stream_id` is the case."""
        person = person_number.parse(body.person_number)
        command = ReferParticipant(
            person=person,
            programme=body.programme,
            referred_by=body.referred_by,
            agencies_needed=tuple(body.agencies_needed),
            received_on=body.received_on,
            name=body.name,
            contact=None if body.contact is None else Contact(**body.contact.model_dump()),
            reason=body.reason,
        )
        accepted = await call.execute(CASE, call.new_id(), command, blind_index=person_index.of(person), create=True)
        if "Location" in response.headers:
            response.headers["Location"] = f"/cases/{accepted.stream_id}"
        return accepted

    @router.post("/cases/{case_id}/consents")
    async def consent(case_id: UUID, body: ConsentBody, call: Command) -> Accepted:
        """Record a signed consent: one agency, one purpose, some compartments."""
        command = GiveConsent(body.agency, body.purpose, frozenset(body.compartments), body.given_on)
        return await call.execute(CASE, case_id, command)

    @router.post("/cases/{case_id}/assessments")
    async def assess(case_id: UUID, body: AssessmentBody, call: Command) -> Accepted:
        """Record the shared assessment."""
        command = RecordAssessment(body.instrument, body.instrument_version, body.assessed_on, dict(body.scores))
        return await call.execute(CASE, case_id, command)

    @router.post("/cases/{case_id}/enrolment")
    async def enrol(case_id: UUID, body: EnrolmentBody, call: Command) -> Accepted:
        """Enrol the person in a programme, if every criterion of it is met."""
        command = EnrolParticipant(**dict(body))
        return await call.execute(CASE, case_id, command)

    @router.get("/cases")
    async def cases(call: Query, page: Page) -> list[CaseSummary]:
        """The cases by ascending id; the next page begins `after` the last one."""
        names = CaseSummary.__dataclass_fields__
        return [CaseSummary(**{name: getattr(row, name) for name in names}) for row in await call.many(Cases, page)]

    @router.get("/cases/{case_id}")
    async def case(case_id: UUID, call: Query) -> CaseRow:
        """One case with everything that intake holds of it."""
        return await call.one(Cases, case_id)

    return router
