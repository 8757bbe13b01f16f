"""HTTP of benefits: AF's decision, the application, and what a benefit comes to. For information: FK decides."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi import Query as QueryParameters
from pydantic import BaseModel, ConfigDict, Field

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.backbone.http.body import Body, Day
from samverkan.backbone.http.call import Accepted, Command, Page, Query
from samverkan.funding.benefit.benefit import ApplyForBenefit, BenefitCase, DecideBenefit, benefit_id
from samverkan.funding.benefit.days import Entitlement, benefit
from samverkan.funding.benefit.views import BenefitRow, Benefits, Enrolments
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.schemas.benefit import BenefitKind
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.envelope import Requirement
from samverkan.schemas.funding import ClaimLine


class EntitlementFields(BaseModel):
    """Which days entitle. `days_used_before`: benefit days of JOB used before them."""

    kind: BenefitKind
    entitled_from: Day
    entitled_until: Day
    in_job_programme: bool = False
    days_used_before: Annotated[int, Field(ge=0, le=10_000)] = 0

    @property
    def entitlement(self) -> Entitlement:
        """As the rules take it."""
        return Entitlement(**{name: getattr(self, name) for name in EntitlementFields.model_fields})


class DecideBody(EntitlementFields, Body):
    """AF's decision on taking part, which may come after the first day."""

    case_id: UUID
    decided_on: Day


class ApplyBody(Body):
    applied_on: Day


class ComputeBenefit(EntitlementFields):
    """`applied_on` left out: applied for in time."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    applied_on: Day | None = None


class BenefitMonth(BaseModel):
    month: Day
    days: int
    amount: Decimal
    rule: str
    source: str


class ComputedBenefit(BaseModel):
    """Kronor at the least, by month; `days_beyond` are those beyond the programme's limit, which give nothing."""

    paid_from: Day
    days_paid: int
    paid: Decimal
    days_lost: int
    lost: Decimal
    days_beyond: int
    months: list[BenefitMonth]
    lines: list[ClaimLine]


def benefit_router(aggregate: Aggregate[BenefitCase], rules: Rulebook) -> APIRouter:
    """Every endpoint of benefits."""
    router = APIRouter(tags=["benefit"])

    @router.post("/benefits")
    async def decide(body: DecideBody, call: Command) -> Accepted:
        """AF decided that an enrolled person takes part from a day on; answers with the benefit's id."""
        enrolment = await call.queries.get(Enrolments, body.case_id)
        if enrolment is None or enrolment.version is None:
            raise Refused("not-enrolled")
        return await call.execute(
            aggregate,
            benefit_id(body.case_id, body.entitlement),
            DecideBenefit(body.case_id, body.entitlement, body.decided_on),
            correlation_id=body.case_id,
            requires=(Requirement(PARTICIPANT.name, body.case_id, enrolment.version),),
            create=True,
        )

    @router.post("/benefits/{benefit_id}/application")
    async def apply(benefit_id: UUID, body: ApplyBody, call: Command) -> Accepted:
        """The application reached FK: from now on it is known what is paid and what is lost."""
        return await call.execute(aggregate, benefit_id, ApplyForBenefit(body.applied_on))

    @router.get("/benefits")
    async def benefits(call: Query, page: Page, case_id: UUID | None = None) -> Sequence[BenefitRow]:
        """Benefits by id, all or those of a case."""
        return await call.many(Benefits, page, **({} if case_id is None else {"case_id": case_id}))

    @router.get("/benefits/{benefit_id}")
    async def one_benefit(benefit_id: UUID, call: Query) -> BenefitRow:
        """One benefit: what was decided when, what is paid, what is lost."""
        return await call.one(Benefits, benefit_id)

    @router.get("/compute/benefit")
    async def compute(asked: Annotated[ComputeBenefit, QueryParameters()], _call: Query) -> ComputedBenefit:
        """What would it come to? Benefit days, amounts and what a late application loses; nothing is kept."""
        computed = benefit(rules, asked.entitlement, asked.applied_on)
        return ComputedBenefit(
            paid_from=computed.paid_from,
            days_paid=computed.days_paid,
            paid=computed.amount_paid,
            days_lost=computed.days_lost,
            lost=computed.amount_lost,
            days_beyond=computed.days_beyond,
            months=[
                BenefitMonth(
                    month=part.month,
                    days=part.days,
                    amount=part.amount,
                    rule=part.rule.id,
                    source=part.rule.source,
                )
                for part in computed.paid
            ],
            lines=list(computed.lines),
        )

    return router
