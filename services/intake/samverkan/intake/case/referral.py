"""A referral opens the case of a person; every later one is added to it, and nothing that it said is lost. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from samverkan.backbone.errors import Refused
from samverkan.intake.case.agencies import refuse_without_cases
from samverkan.intake.case.by import ByCaseworker
from samverkan.intake.case.state import Case, Event, State, said
from samverkan.intake.person_number import PersonNumber
from samverkan.schemas.course import CaseReopened
from samverkan.schemas.participant import (
    Contact,
    Identity,
    ParticipantReferred,
    Programme,
    ReferralReason,
    ReferralRepeated,
)


@dataclass(frozen=True)
class ReferParticipant(ByCaseworker):
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
    """A case that was over is reopened. Refused: what `refuse_without_cases` says, `born-after-referral`,
    `case-anonymous`.

    Who and where a protected person is stays with the keeper: a later referral publishes neither.
    """
    agencies_needed = tuple(sorted(set(command.agencies_needed)))
    refuse_without_cases(command.referred_by, *agencies_needed)
    if command.person.born_on > command.received_on:
        raise Refused("born-after-referral")
    if case.state is State.ANONYMOUS:
        raise Refused("case-anonymous")  # a personnummer here would tell who it was
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
    hidden = event.model_copy(update={"identity": None, "contact": None})
    if said(event) in case.referrals or (case.protected is not None and said(hidden) in case.referrals):
        return []
    if case.protected is not None:
        event = hidden
    if case.state in (State.CLOSED, State.DECLINED):
        return [event, CaseReopened(reopened_on=command.received_on)]
    return [event]
