"""The employer register: who the employer is, where, on what terms, and what was looked up about it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal, assert_never
from uuid import UUID, uuid5

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.placement import organisation_number
from samverkan.placement.agreement.agreement import refusal
from samverkan.schemas.catalogue import PLACEMENT
from samverkan.schemas.employer import (
    CheckKind,
    Conditions,
    EmployerChecked,
    EmployerDeregistered,
    EmployerProfile,
    EmployerRegistered,
    Sector,
    Site,
    WorkplaceRegistered,
)
from samverkan.schemas.placement import PlacementReactionRefused

Event = EmployerRegistered | WorkplaceRegistered | EmployerChecked | EmployerDeregistered | PlacementReactionRefused

_EMPLOYERS: Final = UUID("d1c2f5a6-7b0e-5d2c-8c39-0d8a7f7e1b52")


@dataclass(frozen=True)
class RegisterEmployer:
    """Put the employer into the register, or say what holds now. It also lifts a deregistration."""

    organisation_number: str
    name: str
    sector: Sector
    conditions: Conditions
    pays_electronically: bool
    registered_on: date


@dataclass(frozen=True)
class RegisterWorkplace:
    """A workplace with its supervisors. The same name is the same workplace. `municipality`: four digits."""

    workplace: str
    municipality: str
    supervisors: tuple[str, ...]


@dataclass(frozen=True)
class RecordCheck:
    """What somebody looked up. `last_dismissal_on` belongs to a check of dismissals."""

    kind: CheckKind
    passed: bool
    checked_on: date
    checked_by: str
    last_dismissal_on: date | None = None


@dataclass(frozen=True)
class DeregisterEmployer:
    """The employer takes no more participants."""

    deregistered_on: date


Command = RegisterEmployer | RegisterWorkplace | RecordCheck | DeregisterEmployer


@dataclass(frozen=True)
class Employer:
    """What the register says. `checks`: the latest of each kind; `sites`: workplaces by their id."""

    registered: EmployerRegistered | None = None
    sites: Mapping[UUID, WorkplaceRegistered] = field(default_factory=dict)
    checks: Mapping[CheckKind, EmployerChecked] = field(default_factory=dict)
    deregistered_on: date | None = None

    @property
    def state(self) -> Literal["none", "registered", "deregistered"]:
        """Whether it may take participants."""
        if self.registered is None:
            return "none"
        return "registered" if self.deregistered_on is None else "deregistered"


def employer_id(number: str) -> UUID:
    """The stream of an employer: derived from its organisation number, so that it is in the register once.

    Refused: `organisation-number-format`, `organisation-number-checksum`.
    """
    return uuid5(_EMPLOYERS, organisation_number.parse(number))


def site_id(employer: UUID, workplace: str) -> UUID:
    """The id of a workplace: derived from its name, so that registering it twice is once."""
    return uuid5(employer, workplace.casefold().strip())


def decide(command: Command, employer: Employer) -> Sequence[Event]:
    """Return what the command leads to; nothing when the register says so already."""
    if isinstance(command, RegisterEmployer):
        return _register(command, employer)
    if employer.registered is None:
        raise Refused("employer-unknown")
    match command:
        case DeregisterEmployer(deregistered_on=day):
            return [] if employer.deregistered_on is not None else [EmployerDeregistered(deregistered_on=day)]
        case RecordCheck():
            return _check(command, employer)
        case RegisterWorkplace():
            return _workplace(command, employer, employer.registered)
        case _:
            assert_never(command)


def evolve(employer: Employer, event: Event) -> Employer:
    """Fold one recorded event into the state; what has happened is never refused."""
    match event:
        case EmployerRegistered():
            return replace(employer, registered=event, deregistered_on=None)
        case WorkplaceRegistered(site_id=site):
            return replace(employer, sites={**employer.sites, site: event})
        case EmployerChecked(kind=kind):
            return replace(employer, checks={**employer.checks, kind: event})
        case EmployerDeregistered(deregistered_on=day):
            return replace(employer, deregistered_on=day)
        case PlacementReactionRefused():
            return employer
        case _:
            assert_never(event)


EMPLOYER: Final = Aggregate("employer", PLACEMENT.name, Employer(), decide, evolve, refusal)


def _register(command: RegisterEmployer, employer: Employer) -> Sequence[Event]:
    registered = EmployerRegistered(
        organisation_number=organisation_number.parse(command.organisation_number),
        sector=command.sector,
        conditions=command.conditions,
        pays_electronically=command.pays_electronically,
        registered_on=command.registered_on,
        employment=EmployerProfile(employer_name=command.name),
    )
    if employer.registered == registered and employer.deregistered_on is None:
        return []
    return [registered]


def _workplace(command: RegisterWorkplace, employer: Employer, registered: EmployerRegistered) -> Sequence[Event]:
    if employer.deregistered_on is not None:
        raise Refused("employer-deregistered", deregistered_on=employer.deregistered_on.isoformat())
    site = WorkplaceRegistered(
        site_id=site_id(employer_id(registered.organisation_number), command.workplace),
        municipality=command.municipality,
        employment=Site(workplace=command.workplace, supervisors=tuple(dict.fromkeys(command.supervisors))),
    )
    return [] if employer.sites.get(site.site_id) == site else [site]


def _check(command: RecordCheck, employer: Employer) -> Sequence[Event]:
    if command.kind is not CheckKind.DISMISSALS and command.last_dismissal_on is not None:
        raise Refused("dismissal-without-check")
    if command.last_dismissal_on is not None and command.last_dismissal_on > command.checked_on:
        raise Refused("dismissal-after-check", checked_on=command.checked_on.isoformat())
    known = employer.checks.get(command.kind)
    checked = EmployerChecked(
        kind=command.kind,
        passed=command.passed,
        checked_on=command.checked_on,
        checked_by=command.checked_by,
        last_dismissal_on=command.last_dismissal_on,
    )
    if known == checked:
        return []
    if known is not None and checked.checked_on < known.checked_on:
        raise Refused("checked-later", checked_on=known.checked_on.isoformat())
    return [checked]
