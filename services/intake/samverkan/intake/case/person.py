"""Who the participant is, how they are reached, and how much of it may be known. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from samverkan.backbone.errors import Refused
from samverkan.intake.case.by import ByCaseworker
from samverkan.intake.case.follow_up import registration_year
from samverkan.intake.case.guards import BEFORE_ACTIVE, UNDER_WAY, refuse_unless
from samverkan.intake.case.state import Case, Event, State
from samverkan.intake.person_number import PersonNumber, Sex
from samverkan.schemas.course import AnonymousParticipationCounted
from samverkan.schemas.participant import Contact, Identity, Programme
from samverkan.schemas.person import (
    ContactChanged,
    IdentityChanged,
    ProtectionKind,
    ProtectionLifted,
    ProtectionMarked,
)


class Protection(StrEnum):
    """The three kinds of protected personal data (Skatteverket)."""

    CONFIDENTIALITY_MARK = "confidentiality-mark"  # sekretessmarkering, OSL 22:1: a warning
    PROTECTED_REGISTRATION = "protected-registration"  # skyddad folkbokföring, SFS 1991:481 §16: no address, ever
    FICTITIOUS_DATA = "fictitious-data"  # fingerade personuppgifter, SFS 1991:483: no flag at all


@dataclass(frozen=True)
class ChangeIdentity(ByCaseworker):
    """The participant got a personnummer in place of a samordningsnummer, or another name.

    `instead_of` is the number that the caller knows of the case: the new one may lead to another case of the person.
    """

    instead_of: PersonNumber
    person: PersonNumber
    changed_on: date
    name: str | None = None


@dataclass(frozen=True)
class ChangeContact(ByCaseworker):
    """How the participant is reached now; what is left out stays."""

    contact: Contact
    changed_on: date


@dataclass(frozen=True)
class MarkProtected(ByCaseworker):
    """The personal data are protected from this day; `keeper` is the agency that goes on knowing them."""

    keeper: str
    kind: Protection
    marked_on: date


@dataclass(frozen=True)
class LiftProtection(ByCaseworker):
    """The protection is over."""

    lifted_on: date


@dataclass(frozen=True)
class CountAnonymously(ByCaseworker):
    """Somebody who refuses to be known takes part: one more woman or man, and no case with an identity."""

    programme: Programme
    registration_year: int
    sex: Sex


@dataclass(frozen=True)
class MakeAnonymous(ByCaseworker):
    """A participant who was referred by name goes on without: from now on a count."""

    programme: Programme


def change_identity(command: ChangeIdentity, case: Case) -> Sequence[Event]:
    """Refused: `identity-unreadable`, `identity-is-another`, `personnummer-stays`, `protected-not-published`,
    `case-anonymous`.

    A personnummer is never exchanged for another one here: who got fictitious data has a new case, and nothing may lead
    from the old one to it.
    """
    if case.state is State.ANONYMOUS:
        raise Refused("case-anonymous")
    if case.person is None:
        raise Refused("identity-unreadable")
    if command.person == case.person and (command.name in (None, case.name) or command.instead_of != case.person):
        return []
    if command.instead_of != case.person:
        raise Refused("identity-is-another")
    if command.person != case.person and not case.person.is_coordination_number:
        raise Refused("personnummer-stays")
    if case.protected is not None:
        raise Refused("protected-not-published")
    identity = Identity(person_number=command.person.digits, name=command.name or case.name)
    return [IdentityChanged(changed_on=command.changed_on, identity=identity)]


def change_contact(command: ChangeContact, case: Case) -> Sequence[Event]:
    """Refused: `protected-not-published`, `case-anonymous`."""
    changed = ContactChanged(changed_on=command.changed_on, contact=command.contact)
    if changed == case.contact_changed:
        return []
    if case.state is State.ANONYMOUS:
        raise Refused("case-anonymous")
    if case.protected is not None:
        raise Refused("protected-not-published")
    return [changed]


def mark_protected(command: MarkProtected, case: Case) -> Sequence[Event]:
    """Refused: `protection-not-flagged`, `protected-already`, `case-anonymous`."""
    if command.kind is Protection.FICTITIOUS_DATA:
        raise Refused("protection-not-flagged", source="SFS 1991:483")
    marked = ProtectionMarked(
        keeper=command.keeper, marked_on=command.marked_on, identity=ProtectionKind(kind=command.kind.value)
    )
    if marked == case.protected:
        return []
    if case.state is State.ANONYMOUS:
        raise Refused("case-anonymous")
    if case.protected is not None:
        raise Refused("protected-already", marked_on=case.protected.marked_on.isoformat())
    return [marked]


def lift_protection(command: LiftProtection, case: Case) -> Sequence[Event]:
    """Refused: `not-protected`, `not-the-keeper`, `lifted-before-marked`."""
    lifted = ProtectionLifted(lifted_on=command.lifted_on)
    if case.protected is None:
        if lifted == case.unprotected:
            return []
        raise Refused("not-protected")
    if command.by is not None and command.by.agency != case.protected.keeper:
        raise Refused("not-the-keeper")
    if command.lifted_on < case.protected.marked_on:
        raise Refused("lifted-before-marked", marked_on=case.protected.marked_on.isoformat())
    return [lifted]


def count_anonymously(command: CountAnonymously, case: Case) -> Sequence[Event]:
    """Opens a case of nobody. Refused: `case-not-anonymous` on a case that somebody was referred to."""
    counted = _counted(command.programme, command.registration_year, command.sex)
    if counted == case.counted:
        return []
    if case.state is not State.NONE:
        raise Refused("case-not-anonymous")
    return [counted]


def make_anonymous(command: MakeAnonymous, case: Case) -> Sequence[Event]:
    """Refused: `identity-unreadable`, `programme-not-referred`, and by a case that is closing or over."""
    if case.counted is not None:
        return []
    refuse_unless(case, BEFORE_ACTIVE | UNDER_WAY)
    if case.person is None:
        raise Refused("identity-unreadable")
    if command.programme not in {referral.programme for referral in case.referrals[case.earlier :]}:
        raise Refused("programme-not-referred", programme=command.programme)
    return [_counted(command.programme, registration_year(case), case.person.sex)]


def _counted(programme: Programme, year: int, sex: Sex) -> AnonymousParticipationCounted:
    return AnonymousParticipationCounted(
        programme=programme.value,
        registration_year=year,
        women=int(sex is Sex.FEMALE),
        men=int(sex is Sex.MALE),
    )
