"""HTTP of funding: apply, check, decide, claim, credit; compensations, their months, and what it will cost."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from uuid import UUID

from fastapi import APIRouter

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.http.body import Day
from samverkan.backbone.http.call import Accepted, Command, Page, Query
from samverkan.funding.acting import actor_of, found, placement_of
from samverkan.funding.claim_months import ClaimMonth, claim_months
from samverkan.funding.claim_view import Claims
from samverkan.funding.compensation.application import ApplyForCompensation
from samverkan.funding.compensation.claim import CreditClaim, SubmitClaim
from samverkan.funding.compensation.compensation import compensation_id
from samverkan.funding.compensation.decision import ApproveCompensation, CheckApplication, RefuseCompensation
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.compensation_view import CompensationRow, Compensations
from samverkan.funding.cost_answer import computed, rule_used
from samverkan.funding.estimate_view import EstimateRow, Estimates
from samverkan.funding.forecast import forecast
from samverkan.funding.messages import (
    ApplyBody,
    ApproveBody,
    CheckBody,
    ClaimBody,
    Compute,
    Computed,
    CreditBody,
    RefuseBody,
    State,
    SupportedPeriod,
    TimeUsedAnswer,
)
from samverkan.funding.placement_facts import agreed_terms, extended_terms, rests_on
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.funding.supports import decide_beside_others, employer_of, granted_supports
from samverkan.funding.terms import Terms
from samverkan.funding.time_used import time_used
from samverkan.funding.views import AgreedPlacements
from samverkan.schemas.participant import Programme


def funding_router(
    compensation: Aggregate[Compensation], rules: Rulebook, overhead_per_month: Decimal = Decimal(0)
) -> APIRouter:
    """Every endpoint of funding. `overhead_per_month` is what the municipality reckons where nobody says."""
    router = APIRouter()
    _add_application(router, compensation, rules, overhead_per_month)
    _add_claims(router, compensation)
    _add_reading(router, rules)
    _add_computing(router, rules, overhead_per_month)
    _add_time_used(router, rules)
    _add_estimate(router)
    return router


def _add_application(
    router: APIRouter, compensation: Aggregate[Compensation], rules: Rulebook, overhead_per_month: Decimal
) -> None:
    @router.post("/compensations")
    async def apply(body: ApplyBody, call: Command) -> Accepted:
        """The employer applies for compensation for an agreed placement."""
        placement = await call.queries.get(AgreedPlacements, body.placement_id)
        case_id, terms = agreed_terms(rules, placement, body.pay_months_later, body.facts)
        overhead = overhead_per_month if body.overhead_per_month is None else body.overhead_per_month
        if body.extends is not None:
            previous = await call.queries.get(Compensations, body.extends)
            terms = extended_terms(terms, placement, previous)
        employer = await employer_of(call.queries, body.placement_id)
        command = ApplyForCompensation(
            case_id,
            body.placement_id,
            terms,
            body.applied_on,
            overhead,
            None if employer is None else employer.replace("-", ""),
            body.extends,
            body.bank_ground,
        )
        return await call.execute(
            compensation,
            compensation_id(body.placement_id, body.extends),
            command,
            correlation_id=case_id,
            requires=rests_on(placement),
            create=True,
        )

    @router.post("/compensations/{compensation_id}/check")
    async def check(compensation_id: UUID, body: CheckBody, call: Command) -> Accepted:
        """A handläggare has prepared the decision: the caller's Samverkan-Actor."""
        command = CheckApplication(actor_of(call), body.checked_on)
        return await call.execute(compensation, compensation_id, command)

    @router.post("/compensations/{compensation_id}/approve")
    async def approve(compensation_id: UUID, body: ApproveBody, call: Command) -> Accepted:
        """Another one, the caller's Samverkan-Actor, grants it."""
        command = partial(ApproveCompensation, actor_of(call), body.decided_on)
        return await decide_beside_others(call, compensation, compensation_id, command)

    @router.post("/compensations/{compensation_id}/refuse")
    async def refuse(compensation_id: UUID, body: RefuseBody, call: Command) -> Accepted:
        """Another one, the caller's Samverkan-Actor, refuses it."""
        command = RefuseCompensation(actor_of(call), body.decided_on, body.ground)
        return await call.execute(compensation, compensation_id, command)


def _add_claims(router: APIRouter, compensation: Aggregate[Compensation]) -> None:
    @router.post("/compensations/{compensation_id}/claims")
    async def submit(compensation_id: UUID, body: ClaimBody, call: Command) -> Accepted:
        """The underlag of a work month arrived. Too late, it is accepted and the claim forfeited."""
        row = await call.queries.get(Compensations, compensation_id)
        placement = await placement_of(call, row)
        command = SubmitClaim(
            body.work_month,
            body.gross_paid,
            body.received_on,
            started_on=None if placement is None else placement.started_on,
            last_day_on=None if placement is None else placement.last_day_on,
            other_reduction=body.other_reduction,
        )
        return await call.execute(compensation, compensation_id, command, requires=rests_on(placement))

    @router.post("/compensations/{compensation_id}/claims/{work_month}/credit")
    async def credit(compensation_id: UUID, work_month: Day, body: CreditBody, call: Command) -> Accepted:
        """Skatteverket credited the tax account."""
        command = CreditClaim(work_month, body.credited_on)
        return await call.execute(compensation, compensation_id, command)


def _add_reading(router: APIRouter, rules: Rulebook) -> None:
    @router.get("/compensations")
    async def compensations(
        call: Query,
        page: Page,
        case_id: UUID | None = None,
        placement_id: UUID | None = None,
        state: State | None = None,
    ) -> Sequence[CompensationRow]:
        """Compensations by id, all or those of a case, a placement or a state."""
        asked = {"case_id": case_id, "placement_id": placement_id, "state": state}
        return await call.many(
            Compensations, page, **{name: value for name, value in asked.items() if value is not None}
        )

    @router.get("/compensations/{compensation_id}")
    async def one_compensation(compensation_id: UUID, call: Query) -> CompensationRow:
        """One compensation with its amounts."""
        return await call.one(Compensations, compensation_id)

    @router.get("/compensations/{compensation_id}/claims")
    async def months(compensation_id: UUID, call: Query) -> list[ClaimMonth]:
        """Every work month: its amounts and their explanation, or the days left to claim it."""
        row = await found(call, compensation_id)
        claims = await call.queries.select(Claims, compensation_id=compensation_id)
        placement = await placement_of(call, row)
        last_day_on = None if placement is None else placement.last_day_on
        return claim_months(rules, row, claims, last_day_on, call.today)


def _add_estimate(router: APIRouter) -> None:
    @router.get("/compensations/{compensation_id}/estimate")
    async def estimate(compensation_id: UUID, call: Query) -> EstimateRow:
        """What it was expected to cost when it was applied for, with the employer's own overhead."""
        return await call.one(Estimates, compensation_id)


def _add_time_used(router: APIRouter, rules: Rulebook) -> None:
    @router.get("/time-used")
    async def used(call: Query, case_id: UUID, form: Programme) -> TimeUsedAnswer:
        """How much of the form's longest time the person has used, whoever the employers were.

        Against the rule's longest time; nystartsjobb may allow a person less, which the approval judges.
        """
        rule = rules.subsidy(form, call.today)
        supports = (await granted_supports(call.queries, case_id)).values()
        periods = sorted(support.period for support in supports if support.form is form)
        return TimeUsedAnswer(
            rule=rule_used(rule),
            periods=[SupportedPeriod(first_on=one.first_on, last_on=one.last_on) for one in periods],
            **vars(time_used(rule, rule.months_in_all, periods)),
        )


def _add_computing(router: APIRouter, rules: Rulebook, overhead_per_month: Decimal) -> None:
    @router.get("/compute")
    async def compute(asked: Compute, call: Query) -> Computed:
        """What will it cost? Per month and in all, with every line explained; kept when it is applied for."""
        terms = Terms(
            asked.form,
            asked.starts_on,
            asked.ends_on,
            asked.extent,
            asked.gross,
            asked.birth_year,
            asked.pay_months_later,
            asked.facts,
        )
        result = forecast(rules, terms, asked.decided_on or call.today, unpaid=True)
        overhead = overhead_per_month if asked.overhead_per_month is None else asked.overhead_per_month
        return computed(result, overhead, asked.persons)
