"""Events of the employer register (topic samverkan.placement, published by placement).

An employer is an organisation, and what is open here tells of nobody: the link from a participant to an employer is
never in the open. Names and supervisors stand in the compartment `employment`.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from samverkan.schemas.event import Compartment, Effective, Event, Many, Open, Sealed
from samverkan.schemas.wire_enum import WireEnum


class Sector(WireEnum):
    """What kind of employer it is; the kinds that extratjänst distinguished (domain.md section 4)."""

    MUNICIPAL = "municipal"
    REGIONAL = "regional"
    STATE = "state"
    CARE_OR_SCHOOL = "care-or-school"
    CULTURE = "culture"
    NON_PROFIT = "non-profit"
    FAITH = "faith"
    PRIVATE = "private"
    UNKNOWN = "unknown"


class Conditions(WireEnum):
    """Terms of employment: a collective agreement, terms equivalent to one, or neither."""

    COLLECTIVE_AGREEMENT = "collective-agreement"
    EQUIVALENT = "equivalent"
    NEITHER = "neither"
    UNKNOWN = "unknown"


class CheckKind(WireEnum):
    """What was looked up about an employer."""

    REGISTRATION = "registration"
    DISMISSALS = "dismissals"
    TRADING_PROHIBITION = "trading-prohibition"
    INSOLVENCY = "insolvency"
    UNPAID_TAX = "unpaid-tax"
    ELIGIBLE_ACTIVITY = "eligible-activity"
    UNKNOWN = "unknown"


class EmployerProfile(Sealed):
    """What the employer is called."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    employer_name: str


class Site(Sealed):
    """A workplace of the employer and who supervises there."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    workplace: str
    supervisors: Many[str] = ()


class _OfEmployer(Event):
    """Base: about no case. `correlationid` is the employer itself."""

    legal_basis: ClassVar = "SFS 2000:628"
    about_case: ClassVar = False


class EmployerRegistered(_OfEmployer):
    """An employer came into the register, or what the register says of it changed: this is what holds now."""

    organisation_number: Open[str]
    sector: Open[Sector]
    conditions: Open[Conditions]
    pays_electronically: Open[bool]
    registered_on: Effective[date]
    employment: EmployerProfile | None = None


class WorkplaceRegistered(_OfEmployer):
    """A workplace came into the register, or what it says of one changed: this is what holds now."""

    site_id: Open[UUID]
    municipality: Open[str]
    employment: Site | None = None


class EmployerChecked(_OfEmployer):
    """Somebody looked it up. `passed`: nothing stands against the employer.

    `last_dismissal_on`: the latest dismissal for lack of work that was found.
    """

    kind: Open[CheckKind]
    passed: Open[bool]
    checked_on: Effective[date]
    checked_by: Open[str]
    last_dismissal_on: Open[date | None] = None


class EmployerDeregistered(_OfEmployer):
    """The employer takes no more participants; those who are there stay."""

    deregistered_on: Effective[date]
