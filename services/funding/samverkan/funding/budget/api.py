"""HTTP of Finsam budgets: plan, adopt, commit, pay, close, report, audit, discharge; and their ledger."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.http.call import Accepted, Command, CommandCall, Page, Query, found
from samverkan.funding.acting import actor_of
from samverkan.funding.budget import messages as body_of
from samverkan.funding.budget.budget import budget_id as id_of
from samverkan.funding.budget.closing import AuditBudget, CloseBudget, DecideDischarge, GiveAnnualReport
from samverkan.funding.budget.committing import AttestCommitment, AttestRelease, PrepareCommitment, PrepareRelease
from samverkan.funding.budget.law import FinsamLaw, Member
from samverkan.funding.budget.messages import AssociationCode, Balances, CommitmentAccepted, Voucher
from samverkan.funding.budget.money_views import Ledger, LedgerRow, VoucherRow, Vouchers
from samverkan.funding.budget.paying import AttestPayment, PreparePayment, ReceiveContribution
from samverkan.funding.budget.planning import (
    AdoptBudget,
    AttestLowering,
    ConsultMember,
    DraftBudget,
    PrepareLowering,
)
from samverkan.funding.budget.state import NOTHING, Budget
from samverkan.funding.budget.views import (
    BudgetRow,
    Budgets,
    CommitmentRow,
    Commitments,
)
from samverkan.funding.insats.views import Insatser, agreed_money
from samverkan.funding.ledger import balances as balances_of
from samverkan.funding.reading import every


def budget_router(budget: Aggregate[Budget], law: FinsamLaw) -> APIRouter:
    """Every endpoint of budgets."""
    router = APIRouter(tags=["finsam"])
    _add_planning(router, budget)
    _add_committing(router, budget)
    _add_paying(router, budget)
    _add_closing(router, budget)
    _add_reading(router, law)
    return router


def _add_planning(router: APIRouter, budget: Aggregate[Budget]) -> None:
    @router.post("/budgets")
    async def draft(body: body_of.DraftBody, call: Command) -> Accepted:
        """Draft the budget of an association and year, or draft it anew until it is adopted."""
        command = DraftBudget(
            association=body.association,
            year=body.year,
            total=body.total,
            insurance=body.insurance,
            region=body.region,
            municipal_split={code: Decimal(weight) for code, weight in body.municipal_split.items()},
            saved_capital=body.saved_capital,
            prepared_by=actor_of(call),
            drafted_on=body.drafted_on,
        )
        return await call.execute(budget, id_of(body.association, body.year), command, create=True)

    @router.post("/budgets/{budget_id}/consultations")
    async def consult(budget_id: UUID, body: body_of.ConsultBody, call: Command) -> Accepted:
        """A member was consulted about the draft."""
        return await call.execute(budget, budget_id, ConsultMember(body.member, body.agrees, body.consulted_on))

    @router.post("/budgets/{budget_id}/adoption")
    async def adopt(budget_id: UUID, body: body_of.AdoptBody, call: Command) -> Accepted:
        """The board adopted it; attested by another person than who drafted."""
        return await call.execute(budget, budget_id, AdoptBudget(actor_of(call), body.adopted_on))

    @router.post("/budgets/{budget_id}/lowering")
    async def lower(budget_id: UUID, body: body_of.LowerBody, call: Command) -> Accepted:
        """A member lowers its share: prepare what follows."""
        command = PrepareLowering(body.member, body.share, actor_of(call), body.prepared_on)
        return await call.execute(budget, budget_id, command)

    @router.post("/budgets/{budget_id}/lowering/attestation")
    async def attest_lowering(budget_id: UUID, body: body_of.AttestLoweringBody, call: Command) -> Accepted:
        """Another person attests it: the others follow in proportion."""
        return await call.execute(budget, budget_id, AttestLowering(actor_of(call), body.lowered_on))


def _add_committing(router: APIRouter, budget: Aggregate[Budget]) -> None:
    @router.post("/budgets/{budget_id}/commitments")
    async def commit(budget_id: UUID, body: body_of.CommitBody, call: Command) -> CommitmentAccepted:
        """Prepare money for an agreed insats."""
        command = PrepareCommitment(
            commitment_id=call.new_id(),
            insats_id=body.insats_id,
            amount=body.amount,
            participants=body.participants,
            agreed=await _agreed(call, budget_id, body.insats_id),
            prepared_by=actor_of(call),
            prepared_on=body.prepared_on,
        )
        accepted = await call.execute(budget, budget_id, command)
        return CommitmentAccepted(**dict(accepted), commitment_id=command.commitment_id)

    @router.post("/budgets/{budget_id}/commitments/{commitment_id}/attestation")
    async def attest(
        budget_id: UUID, commitment_id: UUID, body: body_of.AttestCommitmentBody, call: Command
    ) -> Accepted:
        """Another person decides: from then on the money is bound."""
        row = await call.queries.get(Commitments, commitment_id)
        agreed = None if row is None else await _agreed(call, budget_id, row.insats_id)
        command = AttestCommitment(commitment_id, actor_of(call), body.decided_on, agreed)
        return await call.execute(budget, budget_id, command)

    @router.post("/budgets/{budget_id}/commitments/{commitment_id}/release")
    async def release(budget_id: UUID, commitment_id: UUID, body: body_of.ReleaseBody, call: Command) -> Accepted:
        """Part of it is not needed: prepare to give it back."""
        command = PrepareRelease(commitment_id, body.amount, actor_of(call), body.prepared_on)
        return await call.execute(budget, budget_id, command)

    @router.post("/budgets/{budget_id}/commitments/{commitment_id}/release/attestation")
    async def attest_release(
        budget_id: UUID, commitment_id: UUID, body: body_of.AttestReleaseBody, call: Command
    ) -> Accepted:
        """Another person gives it back to the budget."""
        return await call.execute(budget, budget_id, AttestRelease(commitment_id, actor_of(call), body.released_on))


def _add_paying(router: APIRouter, budget: Aggregate[Budget]) -> None:
    @router.post("/budgets/{budget_id}/contributions")
    async def receive(budget_id: UUID, body: body_of.ContributionBody, call: Command) -> Accepted:
        """A member paid of its share."""
        command = ReceiveContribution(body.voucher, body.member, body.amount, body.received_on)
        return await call.execute(budget, budget_id, command)

    @router.post("/budgets/{budget_id}/payments")
    async def pay(budget_id: UUID, body: body_of.PaymentBody, call: Command) -> Accepted:
        """Prepare a payment out of a commitment."""
        command = PreparePayment(body.voucher, body.commitment_id, body.amount, actor_of(call), body.prepared_on)
        return await call.execute(budget, budget_id, command)

    @router.post("/budgets/{budget_id}/payments/{voucher}/attestation")
    async def attest_payment(
        budget_id: UUID, voucher: Voucher, body: body_of.AttestPaymentBody, call: Command
    ) -> Accepted:
        """Another person attests it, and it is paid."""
        return await call.execute(budget, budget_id, AttestPayment(voucher, actor_of(call), body.paid_on))


def _add_closing(router: APIRouter, budget: Aggregate[Budget]) -> None:
    @router.post("/budgets/{budget_id}/closing")
    async def close(budget_id: UUID, body: body_of.CloseBody, call: Command) -> Accepted:
        """Close the books of the year; what nobody used becomes saved capital."""
        return await call.execute(budget, budget_id, CloseBudget(actor_of(call), body.closed_on))

    @router.post("/budgets/{budget_id}/annual-report")
    async def report(budget_id: UUID, body: body_of.ReportBody, call: Command) -> Accepted:
        """Another person than who closed the books gives the annual report."""
        return await call.execute(budget, budget_id, GiveAnnualReport(actor_of(call), body.reported_on))

    @router.post("/budgets/{budget_id}/audit")
    async def audit(budget_id: UUID, body: body_of.AuditBody, call: Command) -> Accepted:
        """The auditors' examination, by somebody who took no part."""
        command = AuditBudget(actor_of(call), body.recommends_discharge, body.audited_on)
        return await call.execute(budget, budget_id, command)

    @router.post("/budgets/{budget_id}/discharges")
    async def discharge(budget_id: UUID, body: body_of.DischargeBody, call: Command) -> Accepted:
        """One member's decision on discharge from liability."""
        return await call.execute(budget, budget_id, DecideDischarge(body.member, body.granted, body.decided_on))


def _add_reading(router: APIRouter, law: FinsamLaw) -> None:
    @router.get("/members")
    async def members(call: Query) -> list[Member]:  # noqa: ARG001 - every query is asked in the same way
        """Organisations that may be members of a samordningsförbund, by code."""
        return sorted(law.members.values(), key=lambda member: member.code)

    @router.get("/budgets")
    async def budgets(call: Query, page: Page, association: AssociationCode | None = None) -> Sequence[BudgetRow]:
        """Budgets by id, all or those of an association."""
        return await call.many(Budgets, page, **({} if association is None else {"association": association}))

    @router.get("/budgets/{budget_id}")
    async def one(budget_id: UUID, call: Query) -> BudgetRow:
        """One budget with its shares, and what is left of it."""
        return await call.one(Budgets, budget_id)

    @router.get("/budgets/{budget_id}/commitments")
    async def commitments(budget_id: UUID, call: Query, page: Page) -> Sequence[CommitmentRow]:
        """Its commitments, attested or awaiting another person."""
        return await call.many(Commitments, page, budget_id=budget_id)

    @router.get("/budgets/{budget_id}/vouchers")
    async def vouchers(budget_id: UUID, call: Query, page: Page) -> Sequence[VoucherRow]:
        """Money received, paid, and prepared to be paid."""
        return await call.many(Vouchers, page, budget_id=budget_id)

    @router.get("/budgets/{budget_id}/ledger")
    async def ledger(budget_id: UUID, call: Query, page: Page) -> Sequence[LedgerRow]:
        """Every entry in order, each with the decision that it rests on."""
        return await call.many(Ledger, page, budget_id=budget_id)

    @router.get("/budgets/{budget_id}/balances")
    async def balances(budget_id: UUID, call: Query) -> Balances:
        """What each account stands at; together they are zero."""
        row = await call.queries.get(Budgets, budget_id)
        found(row)
        entries = [(row.account or "", row.amount) async for row in every(call.queries, Ledger, budget_id=budget_id)]
        accounts = balances_of(entries)
        return Balances(budget_id=budget_id, accounts=accounts, sum=sum(accounts.values(), NOTHING))


async def _agreed(call: CommandCall, budget_id: UUID, insats_id: UUID | None) -> Decimal | None:
    """What the agreement of the insats lets the förbund give in the budget's year; None: none is in force."""
    budget = await call.queries.get(Budgets, budget_id)
    insats = await call.queries.get(Insatser, insats_id)
    return None if budget is None else agreed_money(insats, budget.association, budget.year)
