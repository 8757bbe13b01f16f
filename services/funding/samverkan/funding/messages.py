"""What goes in and out over HTTP: bodies, parameters and answers. Kronor as decimal strings."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from samverkan.backbone.http.body import Body, Day, Extent, Kronor
from samverkan.funding.compensation.decision import RefusalGround
from samverkan.schemas.funding import ClaimAmounts
from samverkan.schemas.participant import Programme

State = Literal["applied", "checked", "granted", "refused"]
PayMonthsLater = Annotated[int, Field(ge=0, le=1, description="Pay month less work month.")]


class ApplyBody(Body):
    """The terms are those of the agreed placement."""

    placement_id: UUID
    applied_on: Day
    pay_months_later: PayMonthsLater = 0


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


class ComputeParameters(BaseModel):
    """What will it cost?"""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    form: Programme
    starts_on: Day
    ends_on: Day
    gross: Kronor
    birth_year: int = Field(ge=1900, le=2099)
    extent: Extent = Decimal(1)
    pay_months_later: PayMonthsLater = 0
    decided_on: Day | None = Field(None, description="The day whose rules count; today when it is left out.")


Compute = Annotated[ComputeParameters, Query()]


class RuleUsed(BaseModel):
    """Which version of the rule was used, where it comes from, and what is known to be uncertain about it."""

    id: str
    source: str
    remark: str | None


class ComputedMonth(BaseModel):
    work_month: Day
    amounts: ClaimAmounts


class Computed(BaseModel):
    """A full month, every month, and all of them together."""

    rule: RuleUsed
    full_month: ClaimAmounts
    months: list[ComputedMonth]
    cost: Decimal
    credit: Decimal
    own_cost: Decimal
