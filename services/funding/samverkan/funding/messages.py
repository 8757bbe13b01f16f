"""What goes in and out over HTTP: bodies, parameters and answers. Kronor as decimal strings."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from samverkan.backbone.http.body import Body, Day, Extent, Kronor
from samverkan.funding.compensation.application import BankGround
from samverkan.funding.compensation.decision import RefusalGround
from samverkan.funding.form_facts import ABSENCE_MONTHS_MAX, FormFacts
from samverkan.schemas.funding import ClaimAmounts
from samverkan.schemas.participant import Programme

State = Literal["applied", "checked", "granted", "refused", "amended", "expired", "revoked", "under_review", "appealed"]
PayMonthsLater = Annotated[int, Field(ge=0, le=1, description="Pay month less work month.")]


class FormFactsFields(BaseModel):
    """What only some forms ask for; leave out what the form does not ask."""

    absence_months: Annotated[int | None, Field(ge=0, le=ABSENCE_MONTHS_MAX)] = None
    newly_arrived: bool | None = None
    in_job_programme: bool | None = None
    born_on: Day | None = None
    assessed_reduction: Extent | None = Field(None, description="AF's assessment, a share of 1.")
    insurance_share: Extent | None = Field(None, description="Insurance by collective agreement, a share of gross.")
    extra_support: Kronor | None = Field(None, description="Kronor a month.")
    supervision_support: bool | None = None
    second_year_need: bool | None = None
    job_benefit_days: Annotated[int | None, Field(ge=0, le=10_000)] = None
    reinforced: bool | None = None

    @property
    def facts(self) -> FormFacts:
        """As the rules take them."""
        return FormFacts(**{name: getattr(self, name) for name in FormFactsFields.model_fields})


class ApplyBody(FormFactsFields, Body):
    """The terms are those of the agreed placement. `overhead_per_month`: the employer's own, left out: the setting."""

    placement_id: UUID
    applied_on: Day
    pay_months_later: PayMonthsLater = 0
    overhead_per_month: Kronor | None = None
    extends: UUID | None = Field(None, description="The compensation whose period this one continues.")
    bank_ground: BankGround | None = Field(None, description="Why the tax account cannot be credited.")


class CheckBody(Body):
    checked_on: Day


class ApproveBody(Body):
    decided_on: Day


class RefuseBody(Body):
    decided_on: Day
    ground: RefusalGround


class ClaimBody(Body):
    """`received_on` is the day on which the employer filed its AGI; any day of the month names the work month."""

    work_month: Day
    gross_paid: Kronor
    received_on: Day
    other_reduction: bool = False


class CreditBody(Body):
    credited_on: Day


class ComputeParameters(FormFactsFields):
    """What will it cost? `persons`: as many placements alike. `overhead_per_month`: left out, the setting."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    form: Programme
    starts_on: Day
    ends_on: Day
    gross: Kronor
    birth_year: int = Field(ge=1900, le=2099)
    extent: Extent = Decimal(1)
    pay_months_later: PayMonthsLater = 0
    decided_on: Day | None = Field(None, description="The day whose rules count; today when it is left out.")
    overhead_per_month: Kronor | None = None
    persons: int = Field(1, ge=1, le=10_000)


Compute = Annotated[ComputeParameters, Query()]


class RuleUsed(BaseModel):
    """Which version of the rule was used, where it comes from, and what is known to be uncertain about it."""

    id: str
    source: str
    remark: str | None
    remark_sv: str | None


class ComputedMonth(BaseModel):
    work_month: Day
    amounts: ClaimAmounts


class Sums(BaseModel):
    """Kronor. `own_cost` is cost less credit, `with_overhead` that and the employer's own overhead."""

    cost: Decimal
    credit: Decimal
    own_cost: Decimal
    overhead: Decimal
    with_overhead: Decimal


class Computed(BaseModel):
    """A full month, every month, and all of them together, for one person; `all_persons` for as many as were asked.

    `longest_at_a_time` and `longest_in_all` in months; the latter is null when there is none.
    """

    rule: RuleUsed
    longest_at_a_time: int
    longest_in_all: int | None
    full_month: ClaimAmounts
    months: list[ComputedMonth]
    cost: Decimal
    credit: Decimal
    own_cost: Decimal
    a_month: Sums
    in_all: Sums
    persons: int
    all_persons_a_month: Sums
    all_persons_in_all: Sums


class SupportedPeriod(BaseModel):
    first_on: Day
    last_on: Day


class TimeUsedAnswer(BaseModel):
    """Calendar days of the latest count; what is null is not limited, or nothing has been used. See `time_used.py`."""

    rule: RuleUsed
    periods: list[SupportedPeriod]
    counted_from: Day | None
    days_used: int
    days_in_all: int | None
    days_left: int | None
    last_possible_on: Day | None
    qualifies_again_on: Day | None
