"""The budget aggregate: every command and where it is decided. Pure; the law comes from the composition root."""

from collections.abc import Sequence
from functools import partial
from typing import Final, assert_never
from uuid import UUID, uuid5

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.funding.budget import closing, committing, paying, planning
from samverkan.funding.budget.closing import AuditBudget, CloseBudget, DecideDischarge, GiveAnnualReport
from samverkan.funding.budget.committing import AttestCommitment, AttestRelease, PrepareCommitment, PrepareRelease
from samverkan.funding.budget.law import FinsamLaw
from samverkan.funding.budget.paying import AttestPayment, PreparePayment, ReceiveContribution
from samverkan.funding.budget.planning import (
    AdoptBudget,
    AttestLowering,
    ConsultMember,
    DraftBudget,
    PrepareLowering,
)
from samverkan.funding.budget.state import Budget, Event, evolve
from samverkan.schemas.budget import BudgetReactionRefused
from samverkan.schemas.catalogue import FUNDING

Planning = DraftBudget | ConsultMember | AdoptBudget | PrepareLowering | AttestLowering
Committing = PrepareCommitment | AttestCommitment | PrepareRelease | AttestRelease
Paying = ReceiveContribution | PreparePayment | AttestPayment
Closing = CloseBudget | GiveAnnualReport | AuditBudget | DecideDischarge
Command = Planning | Committing | Paying | Closing

_BUDGETS: Final = UUID("0f2a7d4e-3f5b-5f7e-8a63-2f4f2d5f9c10")


def budget_id(association: str, year: int) -> UUID:
    """The stream of an association's budget of a year: derived, so that there is one."""
    return uuid5(_BUDGETS, f"{association}/{year}")


def decide(law: FinsamLaw, command: Command, budget: Budget) -> Sequence[Event]:
    """Return what the command leads to; nothing when it was already carried out."""
    match command:
        case DraftBudget():
            return planning.draft(law, command, budget)
        case ConsultMember():
            return planning.consult(command, budget)
        case AdoptBudget():
            return planning.adopt(law, command, budget)
        case PrepareLowering():
            return planning.prepare_lowering(command, budget)
        case AttestLowering():
            return planning.attest_lowering(command, budget)
        case PrepareCommitment():
            return committing.prepare(command, budget)
        case AttestCommitment():
            return committing.attest(command, budget)
        case PrepareRelease():
            return committing.prepare_release(command, budget)
        case AttestRelease():
            return committing.attest_release(command, budget)
        case ReceiveContribution():
            return paying.receive(command, budget)
        case PreparePayment():
            return paying.prepare_payment(command, budget)
        case AttestPayment():
            return paying.attest_payment(command, budget)
        case CloseBudget():
            return closing.close(command, budget)
        case GiveAnnualReport():
            return closing.report(law, command, budget)
        case AuditBudget():
            return closing.audit(command, budget)
        case DecideDischarge():
            return closing.discharge(command, budget)
        case _:
            assert_never(command)


def refusal(command: object, refused: Refused) -> BudgetReactionRefused:
    """The outcome of a reaction that the rules refused."""
    return BudgetReactionRefused(command=type(command).__name__, code=refused.code)


def budget_under(law: FinsamLaw) -> Aggregate[Budget]:
    """The aggregate, deciding by this law."""
    return Aggregate("budget", FUNDING.name, Budget(), partial(decide, law), evolve, refusal)
