"""A referral opens the case of a person; every later one is added to it, and nothing that it said is lost. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from samverkan.backbone.errors import Refused
from samverkan.intake.case.agencies import refuse_unknown_agencies
from samverkan.intake.case.state import Case, Event, said
from samverkan.intake.person_number import PersonNumber
from samverkan.schemas.participant import (
    Contact,
    Identity,
    ParticipantReferred,
    Programme,
    ReferralReason,
    ReferralRepeated,
)


@dataclass(frozen=True)
class ReferParticipant:
    """A partner asks for support for a person. The first referral opens the case, later ones are added to it."""

    person: PersonNumber
    programme: Programme
    referred_by: str
    agencies_needed: tuple[str, ...]
    received_on: date
    name: str | None = None
    contact: Contact | None = None
    reason: str | None = None


def refer(command: ReferParticipant, case: Case) -> Sequence[Event]:
    """Refused: `agency-unknown`, `born-after-referral`."""
    agencies_needed = tuple(sorted(set(command.agencies_needed)))
    refuse_unknown_agencies(command.referred_by, *agencies_needed)
    if command.person.born_on > command.received_on:
        raise Refused("born-after-referral")
    event_type = ReferralRepeated if case.referrals else ParticipantReferred
    event = event_type(
        programme=command.programme,
        referred_by=command.referred_by,
        agencies_needed=agencies_needed,
        received_on=command.received_on,
        identity=Identity(person_number=command.person.digits, name=command.name),
        contact=command.contact,
        health=None if command.reason is None else ReferralReason(reason=command.reason),
    )
    return [] if said(event) in case.referrals else [event]
