"""Events of a benefit to the participant (topic samverkan.funding), computed for information: FK decides and pays."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.schemas.event import Compartment, Effective, Event, Many, Open, Sealed
from samverkan.schemas.funding import ClaimLine
from samverkan.schemas.wire_enum import WireEnum


class BenefitKind(WireEnum):
    """The benefits of domain.md section 4."""

    AKTIVITETSSTOD = "aktivitetsstod"
    ETABLERINGSERSATTNING = "etableringsersattning"
    UNKNOWN = "unknown"


class BenefitAmounts(Sealed):
    """What the days come to at the least, in kronor: `paid` from the first day that is paid on, `lost` before it."""

    compartment: ClassVar = Compartment.ECONOMY
    paid: Decimal
    lost: Decimal
    lines: Many[ClaimLine]


class BenefitDecided(Event):
    """AF decided that the person takes part from a day on, which entitles to the benefit. It may come late.

    It took effect on the day of entitlement, whenever it was decided and learnt: that difference is what late
    decisions cost.
    """

    legal_basis: ClassVar = "SFS 2017:819, 2002:623 §6a"
    case_id: Open[UUID]
    kind: Open[BenefitKind]
    entitled_from: Effective[date]
    entitled_until: Open[date]
    decided_on: Open[date]
    in_job_programme: Open[bool] = False
    days_used_before: Open[int] = 0


class BenefitApplied(Event):
    """The person applied; paid no further back than the month before. `days_lost` are the benefit days before that."""

    legal_basis: ClassVar = "SFS 2017:819 10:5"
    case_id: Open[UUID]
    kind: Open[BenefitKind]
    applied_on: Effective[date]
    paid_from: Open[date]
    days_paid: Open[int]
    days_lost: Open[int]
    rule_version: Open[str]
    economy: BenefitAmounts | None = None


class BenefitReactionRefused(Event):
    """What another service's event asked of the benefit was refused by its rules: an outcome, not a failure."""

    legal_basis: ClassVar = "SFS 2017:819"
    command: Open[str]
    code: Open[str]
