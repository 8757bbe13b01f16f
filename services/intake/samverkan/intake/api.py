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
from samverkan.intake.bodies import PERSON_NUMBER, ContactBody, FormBody, by
from samverkan.intake.case.assessment import RecordAssessment
from samverkan.intake.case.case import CASE
from samverkan.intake.case.consent import GiveConsent, RequestConsent, Signed, WithdrawConsent
from samverkan.intake.case.enrolment import EnrolParticipant
from samverkan.intake.case.minors import ConsentedBy, Maturity
from samverkan.intake.case.referral import ReferParticipant
from samverkan.intake.case_paper import CasePapers, refuse_unless_of
from samverkan.intake.views import CaseRow, Cases, Entry
from samverkan.schemas.event import COMPARTMENTS, Compartment
from samverkan.schemas.participant import Contact, Programme

AGENCIES_MAX: Final = 20
SCORES_MAX: Final = 20


class ReferralBody(Body):
    """A referral. `person_number`: personnummer or samordningsnummer, 12 digits, with or without a hyphen."""

    person_number: Annotated[str, PERSON_NUMBER]
    name: Line | None = None
    programme: Programme
    referred_by: Code
    agencies_needed: Annotated[list[Code], Field(min_length=1, max_length=AGENCIES_MAX)]
    received_on: Day
    contact: ContactBody | None = None
    reason: Passage | None = None


class ConsentRequestBody(Body):
    """The form was handed out, for consent to these agencies."""

    agencies: Annotated[list[Code], Field(min_length=1, max_length=AGENCIES_MAX)]
    purpose: Code
    asked_on: Day
    insats: Programme | None = None
    form: FormBody | None = None


class ConsentBody(Body):
    """A signed consent. `purpose` is a code (`shared-case`), for it travels in the open; `insats`: for that one alone.

    Of a participant below 18: `consented_by`, and `maturity` when they consent alone. `paper_sha256`: of the form that
    was signed, if it was made here.
    """

    agency: Code
    purpose: Code
    compartments: Annotated[list[Compartment], Field(min_length=1, max_length=len(COMPARTMENTS))]
    given_on: Day
    insats: Programme | None = None
    signed: Signed | None = None
    consented_by: ConsentedBy | None = None
    maturity: Maturity | None = None
    form: FormBody | None = None
    paper_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None


class WithdrawalBody(Body):
    """Consent taken back from an agency: all of it, or what is named."""

    agency: Code
    withdrawn_on: Day
    purpose: Code | None = None
    insats: Programme | None = None
    compartments: Annotated[list[Compartment], Field(min_length=1, max_length=len(COMPARTMENTS))] | None = None


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
            by=by(call),
        )
        accepted = await call.execute(CASE, call.new_id(), command, blind_index=person_index.of(person), create=True)
        if "Location" in response.headers:
            response.headers["Location"] = f"/cases/{accepted.stream_id}"
        return accepted

    @router.post("/cases/{case_id}/consent-requests")
    async def ask(case_id: UUID, body: ConsentRequestBody, call: Command) -> Accepted:
        """Record that the participant was handed the form: from now on it waits for them."""
        form = None if body.form is None else body.form.told()
        command = RequestConsent(
            tuple(body.agencies), body.purpose, body.asked_on, insats=body.insats, form=form, by=by(call)
        )
        return await call.execute(CASE, case_id, command)

    @router.post("/cases/{case_id}/consents")
    async def consent(case_id: UUID, body: ConsentBody, call: Command) -> Accepted:
        """Record a signed consent: one agency, one purpose, some compartments."""
        fields = {name: value for name, value in body if name not in ("compartments", "form")}
        form = None if body.form is None else body.form.told()
        command = GiveConsent(**fields, compartments=frozenset(body.compartments), form=form, by=by(call))
        if body.paper_sha256 is not None:
            signed = await call.queries.get(CasePapers, body.paper_sha256)
            refuse_unless_of(signed, case_id, command)
        return await call.execute(CASE, case_id, command)

    @router.post("/cases/{case_id}/consents/withdrawal")
    async def withdraw(case_id: UUID, body: WithdrawalBody, call: Command) -> Accepted:
        """Record that consent was taken back: from now on the agency shows nothing of it."""
        fields = {name: value for name, value in body if name != "compartments"}
        compartments = None if body.compartments is None else frozenset(body.compartments)
        return await call.execute(CASE, case_id, WithdrawConsent(**fields, compartments=compartments, by=by(call)))

    @router.get("/cases/{case_id}/consents")
    async def consents(case_id: UUID, call: Query) -> Sequence[Entry]:
        """Every consent of the case with its whole history: what, to whom, when given and recorded, when withdrawn."""
        return (await call.one(Cases, case_id)).consents

    @router.post("/cases/{case_id}/assessments")
    async def assess(case_id: UUID, body: AssessmentBody, call: Command) -> Accepted:
        """Record the shared assessment."""
        command = RecordAssessment(
            body.instrument, body.instrument_version, body.assessed_on, dict(body.scores), by=by(call)
        )
        return await call.execute(CASE, case_id, command)

    @router.post("/cases/{case_id}/enrolment")
    async def enrol(case_id: UUID, body: EnrolmentBody, call: Command) -> Accepted:
        """Enrol the person in a programme, if every criterion of it is met."""
        return await call.execute(CASE, case_id, EnrolParticipant(**dict(body), by=by(call)))

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
