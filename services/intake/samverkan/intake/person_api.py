"""Who the participant is over HTTP: another number or name, another address, protected data."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.body import Body, Day
from samverkan.backbone.http.call import Accepted, Command
from samverkan.backbone.http.fields import Line
from samverkan.intake import person_number
from samverkan.intake.blind_index import PersonIndex
from samverkan.intake.bodies import PERSON_NUMBER, ContactBody, by
from samverkan.intake.case.case import CASE
from samverkan.intake.case.person import ChangeContact, ChangeIdentity, LiftProtection, MarkProtected, Protection
from samverkan.intake.views import Cases
from samverkan.schemas.participant import Contact


class IdentityBody(Body):
    """The personnummer that came in a samordningsnummer's place, or the same number with another name."""

    person_number: Annotated[str, PERSON_NUMBER]
    changed_on: Day
    name: Line | None = None


class ContactChangeBody(Body):
    """How the participant is reached now; what is left out stays."""

    contact: ContactBody
    changed_on: Day


class ProtectionBody(Body):
    """The mark. The agency that sets it goes on knowing who the person is; no other one does."""

    kind: Protection
    marked_on: Day


class ProtectionLiftBody(Body):
    """The mark is gone."""

    lifted_on: Day


def routes(person_index: PersonIndex) -> APIRouter:
    """Commands about the person."""
    router = APIRouter(tags=["intake"])

    @router.post("/cases/{case_id}/identity")
    async def change_identity(case_id: UUID, body: IdentityBody, call: Command) -> Accepted:
        """Record the new number or name; a later referral under the new number finds this case."""
        person = person_number.parse(body.person_number)
        row = await call.queries.get(Cases, case_id)
        if row is None:
            raise Refused("case-unknown")
        if row.person_number is None:
            raise Refused("identity-unreadable")
        command = ChangeIdentity(
            person_number.parse(row.person_number), person, body.changed_on, name=body.name, by=by(call)
        )
        accepted = await call.execute(CASE, case_id, command, blind_index=person_index.of(person))
        if accepted.stream_id != case_id:  # the number leads to another case of the person, where nothing was changed
            raise Refused("person-has-another-case", case_id=str(accepted.stream_id))
        return accepted

    @router.post("/cases/{case_id}/contact")
    async def change_contact(case_id: UUID, body: ContactChangeBody, call: Command) -> Accepted:
        """Record how the participant is reached now."""
        contact = Contact(**body.contact.model_dump())
        return await call.execute(CASE, case_id, ChangeContact(contact, body.changed_on, by=by(call)))

    @router.post("/cases/{case_id}/protection")
    async def mark_protected(case_id: UUID, body: ProtectionBody, call: Command) -> Accepted:
        """Mark the person's data as protected: who, where and workplace stop flowing to every other agency."""
        return await call.execute(CASE, case_id, MarkProtected(call.agency, **dict(body), by=by(call)))

    @router.post("/cases/{case_id}/protection/lift")
    async def lift_protection(case_id: UUID, body: ProtectionLiftBody, call: Command) -> Accepted:
        """Take the mark away; only the agency that set it can."""
        return await call.execute(CASE, case_id, LiftProtection(**dict(body), by=by(call)))

    return router
