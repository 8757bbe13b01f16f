"""The end of a budget's year: books closed, annual report, audit, and discharge by each member. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from samverkan.backbone.errors import Refused
from samverkan.funding.budget import ledger
from samverkan.funding.budget.guards import drafted, member_of, running, two_persons
from samverkan.funding.budget.law import FinsamLaw
from samverkan.funding.budget.state import NOTHING, Budget, Event
from samverkan.schemas.budget import AnnualReportGiven, BudgetAudited, BudgetClosed, DischargeDecided


@dataclass(frozen=True)
class CloseBudget:
    """The books are closed: nothing more is committed or paid."""

    prepared_by: str
    closed_on: date


@dataclass(frozen=True)
class GiveAnnualReport:
    """Another person than who closed the books attests the report."""

    attested_by: str
    reported_on: date


@dataclass(frozen=True)
class AuditBudget:
    """The auditors' examination."""

    auditor: str
    recommends_discharge: bool
    audited_on: date


@dataclass(frozen=True)
class DecideDischarge:
    """One member's decision; who denied it may grant it later."""

    member: str
    granted: bool
    decided_on: date


def close(command: CloseBudget, budget: Budget) -> Sequence[Event]:
    """Refused: those of `running`, `budget-year-not-over`; `budget-closed` unless it is the same again."""
    if budget.closed is not None and (budget.closed.prepared_by, budget.closed.closed_on) == (
        command.prepared_by,
        command.closed_on,
    ):
        return []
    draft = running(budget, command.closed_on)
    if command.closed_on <= date(draft.year, 12, 31):
        raise Refused("budget-year-not-over", year=str(draft.year))
    unspent = budget.available + sum((one.unspent for one in budget.commitments.values()), NOTHING)
    return [
        BudgetClosed(
            closed_on=command.closed_on,
            prepared_by=command.prepared_by,
            spent=budget.spent,
            unspent=unspent,
            saved_capital=draft.saved_capital + unspent,
            posted=ledger.closing(budget),
        )
    ]


def report(law: FinsamLaw, command: GiveAnnualReport, budget: Budget) -> Sequence[Event]:
    """A late report is recorded as late. Refused: `budget-not-drafted`, `budget-not-closed`, `reported-before-closing`,
    `same-person-prepares-and-attests`, `already-reported`."""
    draft = drafted(budget)
    if budget.closed is None:
        raise Refused("budget-not-closed")
    if budget.reported is not None:
        if (budget.reported.attested_by, budget.reported.reported_on) == (command.attested_by, command.reported_on):
            return []
        raise Refused("already-reported")
    if command.reported_on < budget.closed.closed_on:
        raise Refused("reported-before-closing", closed_on=budget.closed.closed_on.isoformat())
    two_persons(budget.closed.prepared_by, command.attested_by)
    due_on = law.reported_by(draft.year)
    return [
        AnnualReportGiven(
            reported_on=command.reported_on,
            attested_by=command.attested_by,
            due_on=due_on,
            days_late=max(0, (command.reported_on - due_on).days),
            rule_source=law.rule(draft.year).source,
        )
    ]


def audit(command: AuditBudget, budget: Budget) -> Sequence[Event]:
    """Refused: `budget-not-drafted`, `not-reported`, `audited-before-report`, `auditor-took-part`,
    `already-audited`."""
    drafted(budget)
    if budget.reported is None:
        raise Refused("not-reported")
    event = BudgetAudited(
        auditor=command.auditor, recommends_discharge=command.recommends_discharge, audited_on=command.audited_on
    )
    if budget.audited is not None:
        if budget.audited == event:
            return []
        raise Refused("already-audited")
    if command.auditor in budget.actors:
        raise Refused("auditor-took-part")
    if command.audited_on < budget.reported.reported_on:
        raise Refused("audited-before-report", reported_on=budget.reported.reported_on.isoformat())
    return [event]


def discharge(command: DecideDischarge, budget: Budget) -> Sequence[Event]:
    """Refused: `budget-not-drafted`, `not-a-member`, `not-audited`, `discharged-before-audit`,
    `already-discharged` (what is granted stays granted)."""
    drafted(budget)
    member_of(budget, command.member)
    if budget.audited is None:
        raise Refused("not-audited")
    event = DischargeDecided(member=command.member, granted=command.granted, decided_on=command.decided_on)
    known = budget.discharges.get(command.member)
    if known == event:
        return []
    if known is not None and known.granted:
        raise Refused("already-discharged", decided_on=known.decided_on.isoformat())
    if command.decided_on < budget.audited.audited_on:
        raise Refused("discharged-before-audit", audited_on=budget.audited.audited_on.isoformat())
    return [event]
