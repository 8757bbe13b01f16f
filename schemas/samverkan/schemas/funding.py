"""Events of a compensation and its claims (topic samverkan.funding, published by funding)."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.schemas.event import Compartment, Effective, Event, Many, Open, Sealed
from samverkan.schemas.participant import Programme


class Estimate(Sealed):
    """What it was expected to cost when it was applied for, in kronor over the whole period.

    `overhead_per_month` is the employer's own cost of supervision and administration; it is in no other amount.
    """

    compartment: ClassVar = Compartment.ECONOMY
    rule_version: str
    cost_in_all: Decimal
    credit_in_all: Decimal
    own_cost_in_all: Decimal
    overhead_per_month: Decimal


class Basis(Sealed):
    """What an application or decision rests on. Kronor per month at the agreed extent.

    The optional fields are what some forms depend on: months of absence, how a person came into the target group, the
    share that AF assessed, insurance as a share of gross, kronor a month of extra support.
    """

    compartment: ClassVar = Compartment.ECONOMY
    gross_per_month: Decimal
    birth_year: int
    absence_months: int | None = None
    newly_arrived: bool | None = None
    in_job_programme: bool | None = None
    born_on: date | None = None
    assessed_reduction: Decimal | None = None
    insurance_share: Decimal | None = None
    extra_support: Decimal | None = None
    supervision_support: bool | None = None
    second_year_need: bool | None = None
    job_benefit_days: int | None = None
    reinforced: bool | None = None
    estimate: Estimate | None = None


class DecidedAmounts(Sealed):
    """What a full month gives under the decision, in kronor; `own_cost` is what the employer bears itself."""

    compartment: ClassVar = Compartment.ECONOMY
    gross_per_month: Decimal
    birth_year: int
    cost_per_month: Decimal
    credit_per_month: Decimal
    own_cost_per_month: Decimal
    credit_in_all: Decimal


class ClaimBasis(Sealed):
    """What the employer's monthly return (AGI) says of the work month. Kronor."""

    compartment: ClassVar = Compartment.ECONOMY
    gross_paid: Decimal


class ClaimLine(Sealed):
    """One computed line: what it is, the formula with its numbers, the amount in kronor."""

    compartment: ClassVar = Compartment.ECONOMY
    name: str
    explanation_sv: str
    explanation_en: str
    amount: Decimal


class ClaimAmounts(Sealed):
    """A work month computed to the öre. `credit` goes to the employer's tax account, `own_cost` it bears itself."""

    compartment: ClassVar = Compartment.ECONOMY
    cost: Decimal
    credit: Decimal
    own_cost: Decimal
    lines: Many[ClaimLine]


class CreditedAmount(Sealed):
    """What was credited, in kronor; `withheld` of the claim was kept to settle a recovery."""

    compartment: ClassVar = Compartment.ECONOMY
    credit: Decimal
    withheld: Decimal | None = None


class Employer(Sealed):
    """Whose wage costs are compensated: ten digits."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    employer_number: str


class CompensationApplied(Event):
    """The employer applied for compensation for an agreed placement."""

    legal_basis: ClassVar = "SFS 2018:42"
    case_id: Open[UUID]
    placement_id: Open[UUID]
    form: Open[Programme]
    starts_on: Open[date]
    ends_on: Open[date]
    extent: Open[Decimal]
    applied_on: Effective[date]
    # Work month → pay month, 0 or 1: the decision says which, employer contributions are those of the pay month.
    pay_months_later: Open[int] = 0
    # The decision that this one extends: an extension is a new decision, with its own rule version.
    extends: Open[UUID | None] = None
    # Why the employer is paid by bank; absent: its tax account is credited.
    bank_ground: Open[str | None] = None
    economy: Basis | None = None
    employment: Employer | None = None


class CompensationChecked(Event):
    """A handläggare prepared the decision; somebody else must attest it."""

    legal_basis: ClassVar = "SFS 2018:42"
    prepared_by: Open[str]
    checked_on: Effective[date]


class CompensationApproved(Event):
    """The application was granted. The decision date fixes the rule version for the whole decided period."""

    legal_basis: ClassVar = "SFS 2018:42"
    case_id: Open[UUID]
    placement_id: Open[UUID]
    form: Open[Programme]
    starts_on: Open[date]
    ends_on: Open[date]
    extent: Open[Decimal]
    decided_on: Effective[date]
    attested_by: Open[str]
    rule_version: Open[str]
    rule_source: Open[str]
    pay_months_later: Open[int] = 0
    economy: DecidedAmounts | None = None


class CompensationRefused(Event):
    """The application was refused, with the stable code of the rule that said no."""

    legal_basis: ClassVar = "SFS 2018:42"
    case_id: Open[UUID]
    placement_id: Open[UUID]
    decided_on: Effective[date]
    code: Open[str]
    attested_by: Open[str | None] = None


class ClaimSubmitted(Event):
    """The underlag of one work month arrived (the employer's AGI). `work_month` is that month's first day.

    `supported_from` and `supported_until` are the days of the month that the support covers, as known then.
    """

    legal_basis: ClassVar = "SFS 2018:42 §30"
    case_id: Open[UUID]
    work_month: Open[date]
    received_on: Effective[date]
    supported_from: Open[date | None] = None
    supported_until: Open[date | None] = None
    economy: ClaimBasis | None = None


class ClaimCalculated(Event):
    """The work month was computed under the decision's rule version; `credit_by` is the last day of crediting."""

    legal_basis: ClassVar = "SFS 2018:42 §§30–31"
    case_id: Open[UUID]
    work_month: Open[date]
    credit_by: Open[date]
    rule_version: Open[str]
    economy: ClaimAmounts | None = None


class ClaimForfeited(Event):
    """The underlag came after the last day to claim; the credit of that month is lost."""

    legal_basis: ClassVar = "SFS 2022:1269"
    case_id: Open[UUID]
    work_month: Open[date]
    received_on: Effective[date]
    last_day_on: Open[date]
    economy: CreditedAmount | None = None


class ClaimCredited(Event):
    """Skatteverket credited the employer's tax account (SFS 1999:591)."""

    legal_basis: ClassVar = "SFS 1999:591"
    case_id: Open[UUID]
    work_month: Open[date]
    credited_on: Effective[date]
    economy: CreditedAmount | None = None


class CompensationReactionRefused(Event):
    """What another service's event asked of the compensation was refused by its rules: an outcome, not a failure."""

    legal_basis: ClassVar = "SFS 2018:42"
    command: Open[str]
    code: Open[str]
