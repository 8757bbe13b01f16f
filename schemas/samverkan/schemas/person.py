"""Events of who the participant is and how much of it may be known (topic samverkan.participant)."""

from datetime import date
from typing import ClassVar

from samverkan.schemas.event import Compartment, Effective, Event, Open, Sealed
from samverkan.schemas.participant import Contact, Identity


class ProtectionKind(Sealed):
    """`confidentiality-mark` (sekretessmarkering) or `protected-registration` (skyddad folkbokföring)."""

    compartment: ClassVar = Compartment.IDENTITY
    kind: str


class IdentityChanged(Event):
    """The participant got a personnummer in place of a samordningsnummer, or another name: the same case."""

    legal_basis: ClassVar = "SFS 2022:1697"
    changed_on: Effective[date]
    identity: Identity | None = None


class ContactChanged(Event):
    """How the participant is reached has changed; what is left out stays."""

    legal_basis: ClassVar = "OSL 10:1"
    changed_on: Effective[date]
    contact: Contact | None = None


class ProtectionMarked(Event):
    """The participant's personal data are protected from now on.

    Readers: who the person is, how they are reached and where they work is known to the `keeper` alone; every other
    agency stops showing it, also what it held. Publishers: no workplace and no address of this case is sent any more.
    """

    legal_basis: ClassVar = "OSL 21:3, 22:1"
    keeper: Open[str]
    marked_on: Effective[date]
    identity: ProtectionKind | None = None


class ProtectionLifted(Event):
    """The mark is gone; what the participant agreed to counts again."""

    legal_basis: ClassVar = "OSL 21:3, 22:1"
    lifted_on: Effective[date]
