"""Events of the authorities' work on a case: who has it, under which registration (topic samverkan.participant)."""

from datetime import date
from typing import ClassVar

from samverkan.schemas.event import Compartment, Effective, Event, Open, Sealed


class ConflictGround(Sealed):
    """Why a caseworker may not act: SFS 2017:900 §16, its number."""

    compartment: ClassVar = Compartment.IDENTITY
    ground: str


class CaseRegistered(Event):
    """An agency gave the case a diarienummer of its own."""

    legal_basis: ClassVar = "OSL 5:1"
    agency: Open[str]
    registration: Open[str]
    registered_on: Effective[date]


class CaseworkerAssigned(Event):
    """From this day the participant's named contact at the agency is this caseworker (a pseudonym)."""

    legal_basis: ClassVar = "SFS 2017:900 §6"
    agency: Open[str]
    caseworker: Open[str]
    assigned_on: Effective[date]


class StandInAppointed(Event):
    """Another caseworker takes the named contact's place, both days included."""

    legal_basis: ClassVar = "SFS 2017:900 §6"
    agency: Open[str]
    caseworker: Open[str]
    from_on: Effective[date]
    until_on: Open[date]


class ConflictDeclared(Event):
    """A caseworker has a conflict of interest (jäv) and takes no further part in the case."""

    legal_basis: ClassVar = "SFS 2017:900 §§16–18"
    agency: Open[str]
    caseworker: Open[str]
    declared_on: Effective[date]
    identity: ConflictGround | None = None


class ConflictLifted(Event):
    """The agency found that there is no conflict of interest, or none any more."""

    legal_basis: ClassVar = "SFS 2017:900 §18"
    agency: Open[str]
    caseworker: Open[str]
    lifted_on: Effective[date]


class CaseTransferred(Event):
    """Another municipality takes the case over; its history stays. What the participant agreed to for authorities of
    the first one does not pass on to the second."""

    legal_basis: ClassVar = "OSL 10:1"
    from_agency: Open[str]
    to_agency: Open[str]
    transferred_on: Effective[date]
