"""The authorities' work on a case: registration, named contact, stand-in, conflict of interest, transfer. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from samverkan.backbone.errors import Refused
from samverkan.intake.case.agencies import known, same_municipality
from samverkan.intake.case.by import JAV, ByCaseworker
from samverkan.intake.case.guards import BEFORE_ACTIVE, UNDER_WAY, refuse_unless
from samverkan.intake.case.state import Case, Event, State
from samverkan.schemas.casework import (
    CaseRegistered,
    CaseTransferred,
    CaseworkerAssigned,
    ConflictDeclared,
    ConflictGround,
    ConflictLifted,
    StandInAppointed,
)
from samverkan.schemas.catalogue import Role


class Jav(StrEnum):
    """The five grounds of förvaltningslagen (SFS 2017:900) §16."""

    OWN_MATTER = "own-matter"
    DEPUTY = "deputy"
    TOOK_PART_BEFORE = "took-part-before"
    SUPERVISION = "supervision"
    OTHER = "other"


@dataclass(frozen=True)
class RegisterCase(ByCaseworker):
    """An agency's own diarienummer of the case."""

    agency: str
    registration: str
    registered_on: date


@dataclass(frozen=True)
class AssignCaseworker(ByCaseworker):
    """The participant's named contact at the agency, from this day on."""

    agency: str
    caseworker: str
    assigned_on: date


@dataclass(frozen=True)
class AppointStandIn(ByCaseworker):
    """Another one in the named contact's place, both days included."""

    agency: str
    caseworker: str
    from_on: date
    until_on: date


@dataclass(frozen=True)
class DeclareConflict(ByCaseworker):
    """A caseworker has a conflict of interest: themselves say so, or somebody else at the agency."""

    agency: str
    caseworker: str
    declared_on: date
    ground: Jav


@dataclass(frozen=True)
class LiftConflict(ByCaseworker):
    """The agency decided that the caseworker may act after all."""

    agency: str
    caseworker: str
    lifted_on: date


@dataclass(frozen=True)
class TransferCase(ByCaseworker):
    """Another municipality takes the case over from this day."""

    to_agency: str
    transferred_on: date


def register(command: RegisterCase, case: Case) -> Sequence[Event]:
    """Refused: `registered-already` under another number, `case-anonymous`."""
    registered = CaseRegistered(
        agency=command.agency, registration=command.registration, registered_on=command.registered_on
    )
    earlier = case.registrations.get(command.agency)
    if earlier == registered:
        return []
    _refuse_anonymous(case)
    if earlier is not None:
        raise Refused("registered-already", registration=earlier.registration)
    return [registered]


def assign(command: AssignCaseworker, case: Case) -> Sequence[Event]:
    """Refused: `caseworker-in-conflict`, `assigned-before-earlier`, `case-anonymous`."""
    assigned = CaseworkerAssigned(agency=command.agency, caseworker=command.caseworker, assigned_on=command.assigned_on)
    earlier = case.caseworkers.get(command.agency)
    if earlier == assigned:
        return []
    _refuse_anonymous(case)
    _refuse_in_conflict(command.agency, command.caseworker, case)
    if earlier is not None and command.assigned_on < earlier.assigned_on:
        raise Refused("assigned-before-earlier", assigned_on=earlier.assigned_on.isoformat())
    return [assigned]


def appoint_stand_in(command: AppointStandIn, case: Case) -> Sequence[Event]:
    """Refused: `stand-in-period`, `caseworker-missing`, `stand-in-is-contact`, `caseworker-in-conflict`,
    `case-anonymous`."""
    appointed = StandInAppointed(
        agency=command.agency, caseworker=command.caseworker, from_on=command.from_on, until_on=command.until_on
    )
    if appointed in case.stand_ins:
        return []
    _refuse_anonymous(case)
    if command.until_on < command.from_on:
        raise Refused("stand-in-period", from_on=command.from_on.isoformat())
    assigned = case.caseworkers.get(command.agency)
    if assigned is None:
        raise Refused("caseworker-missing", agency=command.agency)
    if assigned.caseworker == command.caseworker:
        raise Refused("stand-in-is-contact")
    _refuse_in_conflict(command.agency, command.caseworker, case)
    return [appointed]


def declare_conflict(command: DeclareConflict, case: Case) -> Sequence[Event]:
    """In every state; the caseworker is no contact and no stand-in any more. Declared twice is declared once."""
    if (command.agency, command.caseworker) in case.conflicts:
        return []
    return [
        ConflictDeclared(
            agency=command.agency,
            caseworker=command.caseworker,
            declared_on=command.declared_on,
            identity=ConflictGround(ground=command.ground.value),
        )
    ]


def lift_conflict(command: LiftConflict, case: Case) -> Sequence[Event]:
    """Refused: `conflict-unknown`; `conflict-of-interest` when the caseworker judges their own (SFS 2017:900 §18)."""
    lifted = ConflictLifted(agency=command.agency, caseworker=command.caseworker, lifted_on=command.lifted_on)
    if (command.agency, command.caseworker) not in case.conflicts:
        if lifted in case.lifted_conflicts:
            return []
        raise Refused("conflict-unknown")
    return [lifted]


def transfer(command: TransferCase, case: Case) -> Sequence[Event]:
    """Given by the municipality that has the case; consents to its authorities and their contacts end with it.

    Refused: `not-a-municipality`, `transfer-to-itself`, `not-in-charge`, and by a case that is closing or over.
    """
    to_agency = known(command.to_agency)
    if to_agency is None or to_agency.role is not Role.MUNICIPALITY:
        raise Refused("not-a-municipality")
    last = case.transferred
    if last is not None and (last.to_agency, last.transferred_on) == (command.to_agency, command.transferred_on):
        return []
    refuse_unless(case, BEFORE_ACTIVE | UNDER_WAY)
    if case.municipality is None or (
        command.by is not None and not same_municipality(command.by.agency, case.municipality)
    ):
        raise Refused("not-in-charge", agency=case.municipality or "–")
    if case.municipality == command.to_agency:
        raise Refused("transfer-to-itself")
    return [
        CaseTransferred(
            from_agency=case.municipality, to_agency=command.to_agency, transferred_on=command.transferred_on
        )
    ]


def _refuse_anonymous(case: Case) -> None:
    if case.state is State.ANONYMOUS:
        raise Refused("case-anonymous")


def _refuse_in_conflict(agency: str, caseworker: str, case: Case) -> None:
    if (agency, caseworker) in case.conflicts:
        raise Refused("caseworker-in-conflict", source=JAV)
