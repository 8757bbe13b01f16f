"""Events of openings and of what participants share for matching (topic samverkan.placement, published by placement).

Who an opening was offered to is never in the open: the opening names its employer.
"""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.schemas.event import Compartment, Effective, Event, Many, Open, Sealed
from samverkan.schemas.participant import Programme


class OpeningWork(Sealed):
    """What there is to do, and where. `carved_for`: the case that the tasks were cut out for, if for one."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    workplace: str
    supervisor: str
    tasks: Many[str] = ()
    carved_for: UUID | None = None


class OfferedTo(Sealed):
    """Whose case it is. Absent where the identity is protected."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    case_id: UUID


class Withdrawal(Sealed):
    """Why the employer withdrew, in its words."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    reason: str


class WorkProfile(Sealed):
    """Wishes and abilities as codes that the participant agreed to share. `occupations` are SSYK 2012, four digits."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    forms: Many[Programme] = ()
    occupations: Many[str] = ()
    abilities: Many[str] = ()
    municipalities: Many[str] = ()
    extent_most: Decimal | None = None
    available_from: date | None = None


class Adaptations(Sealed):
    """What a workplace must offer, as codes."""

    compartment: ClassVar = Compartment.HEALTH
    needs: Many[str] = ()


class _OfOpening(Event):
    """Base: about no case. `correlationid` is the opening itself."""

    legal_basis: ClassVar = "SFS 2000:628"
    about_case: ClassVar = False


class OpeningPublished(_OfOpening):
    """An employer has a place for a participant. `extent` from least to most, shares of full time.

    `demands` are codes that somebody must meet, `offers` codes of adaptations that the workplace has.
    """

    organisation_id: Open[UUID]
    forms: Open[Many[Programme]]
    municipality: Open[str]
    occupation: Open[str]
    extent_least: Open[Decimal]
    extent_most: Open[Decimal]
    available_from: Open[date]
    available_until: Open[date | None] = None
    demands: Open[Many[str]] = ()
    offers: Open[Many[str]] = ()
    employment: OpeningWork | None = None


class OpeningOffered(_OfOpening):
    """The opening is held for one participant, who may say yes or no."""

    offered_on: Effective[date]
    employment: OfferedTo | None = None


class OpeningDeclined(_OfOpening):
    """The participant said no; the opening is open again."""

    declined_on: Effective[date]


class OpeningFilled(_OfOpening):
    """One participant has the place; a placement may be proposed for it."""

    filled_on: Effective[date]
    employment: OfferedTo | None = None


class OpeningReopened(_OfOpening):
    """The place is free again: the placement was cancelled or has ended."""

    reopened_on: Effective[date]


class OpeningWithdrawn(_OfOpening):
    """The employer has no place any more."""

    withdrawn_on: Effective[date]
    employment: Withdrawal | None = None


class ProfileShared(Event):
    """The participant agreed to share this for matching: it takes the place of what was shared before."""

    legal_basis: ClassVar = "OSL 10:1, 12:2"
    case_id: Open[UUID]
    shared_on: Effective[date]
    employment: WorkProfile | None = None
    health: Adaptations | None = None
