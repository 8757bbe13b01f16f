"""Drafting a budget, consulting its members, adopting it, and what follows when a member lowers its share. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from samverkan.backbone.errors import Refused
from samverkan.funding.budget import ledger
from samverkan.funding.budget.guards import drafted, member_of, not_before, payable, running, two_persons
from samverkan.funding.budget.law import FinsamLaw
from samverkan.funding.budget.shares import Parties, lowered, split
from samverkan.funding.budget.state import Budget, Event
from samverkan.schemas.budget import (
    BudgetAdopted,
    BudgetDrafted,
    MemberConsulted,
    ShareLoweringPrepared,
    SharesLowered,
)

_FIRST_YEAR, _LAST_YEAR = 2004, 2099
_SMALLEST_TOTAL: Final = Decimal(1)


@dataclass(frozen=True)
class DraftBudget:
    """`municipal_split`: weights, by municipality code. `saved_capital` is brought forward from the year before."""

    association: str
    year: int
    total: Decimal
    insurance: str
    region: str
    municipal_split: Mapping[str, Decimal]
    saved_capital: Decimal
    prepared_by: str
    drafted_on: date


@dataclass(frozen=True)
class ConsultMember:
    """A member has been asked, and whether it agrees."""

    member: str
    agrees: bool
    consulted_on: date


@dataclass(frozen=True)
class AdoptBudget:
    """The board adopts; `attested_by` is another person than who drafted."""

    attested_by: str
    adopted_on: date


@dataclass(frozen=True)
class PrepareLowering:
    """A member lowers its share to `share`."""

    member: str
    share: Decimal
    prepared_by: str
    prepared_on: date


@dataclass(frozen=True)
class AttestLowering:
    """Another person attests it; then all shares follow."""

    attested_by: str
    lowered_on: date


def draft(law: FinsamLaw, command: DraftBudget, budget: Budget) -> Sequence[Event]:
    """Refused: `budget-already-adopted`, `budget-year-invalid`, `total-invalid`, `municipal-split-invalid`,
    `member-unknown`, `no-rule-in-force`."""
    event = _drafted(law, command)
    if budget.draft is not None and event == budget.draft:
        return []
    if budget.adopted is not None:
        raise Refused("budget-already-adopted")
    return [event]


def consult(command: ConsultMember, budget: Budget) -> Sequence[Event]:
    """Refused: `budget-not-drafted`, `not-a-member`, `budget-already-adopted`, `consulted-before-draft`."""
    known = drafted(budget)
    member_of(budget, command.member)
    event = MemberConsulted(member=command.member, agrees=command.agrees, consulted_on=command.consulted_on)
    if budget.consulted.get(command.member) == event:
        return []
    if budget.adopted is not None:
        raise Refused("budget-already-adopted")
    if command.consulted_on < known.drafted_on:
        raise Refused("consulted-before-draft", drafted_on=known.drafted_on.isoformat())
    return [event]


def adopt(law: FinsamLaw, command: AdoptBudget, budget: Budget) -> Sequence[Event]:
    """A late adoption is recorded as late, never refused: the year needs a budget.

    Refused: `budget-not-drafted`, `members-not-consulted`, `same-person-prepares-and-attests`,
    `adopted-before-consultation`, `budget-already-adopted`.
    """
    known = drafted(budget)
    if budget.adopted is not None:
        if (budget.adopted.attested_by, budget.adopted.adopted_on) == (command.attested_by, command.adopted_on):
            return []
        raise Refused("budget-already-adopted")
    missing = [member for member in budget.parties.members if member not in budget.consulted]
    if missing:
        raise Refused("members-not-consulted", members=", ".join(missing))
    two_persons(known.prepared_by, command.attested_by)
    asked_on = max(consulted.consulted_on for consulted in budget.consulted.values())
    if command.adopted_on < asked_on:
        raise Refused("adopted-before-consultation", consulted_on=asked_on.isoformat())
    due_on = law.adopted_by(known.year)
    return [
        BudgetAdopted(
            adopted_on=command.adopted_on,
            attested_by=command.attested_by,
            due_on=due_on,
            days_late=max(0, (command.adopted_on - due_on).days),
            rule_source=law.rule(known.year).source,
            posted=ledger.adoption(known.shares, known.total, known.saved_capital),
        )
    ]


def prepare_lowering(command: PrepareLowering, budget: Budget) -> Sequence[Event]:
    """Refused: those of `running`, `not-a-member`, `amount-invalid`, `share-not-lowered`, `below-commitments`."""
    running(budget, command.prepared_on)
    member_of(budget, command.member)
    event = ShareLoweringPrepared(
        member=command.member,
        share=command.share,
        prepared_by=command.prepared_by,
        prepared_on=command.prepared_on,
    )
    if budget.lowering == event:
        return []
    _lowered_total(budget, event)
    return [event]


def attest_lowering(command: AttestLowering, budget: Budget) -> Sequence[Event]:
    """Refused: those of `running`, `lowering-not-prepared`, `same-person-prepares-and-attests`,
    `attested-before-preparation`, and `below-commitments` for what has been committed meanwhile."""
    running(budget, command.lowered_on)
    prepared = budget.lowering
    if prepared is None:
        done = [(one.attested_by, one.lowered_on) for one in budget.lowerings[-1:]]
        if done == [(command.attested_by, command.lowered_on)]:
            return []
        raise Refused("lowering-not-prepared")
    two_persons(prepared.prepared_by, command.attested_by)
    not_before(command.lowered_on, prepared.prepared_on)
    total = _lowered_total(budget, prepared)
    shares = split(budget.parties, total)
    return [
        SharesLowered(
            member=prepared.member,
            total=total,
            shares=shares,
            prepared_by=prepared.prepared_by,
            attested_by=command.attested_by,
            lowered_on=command.lowered_on,
            posted=ledger.lowering(budget.shares, shares),
        )
    ]


def _lowered_total(budget: Budget, lowering: ShareLoweringPrepared) -> Decimal:
    payable(lowering.share)
    if lowering.share >= budget.shares[lowering.member]:
        raise Refused("share-not-lowered", share=str(budget.shares[lowering.member]))
    total = lowered(budget.parties, budget.total, lowering.member, lowering.share)
    if total < budget.committed:
        raise Refused("below-commitments", total=str(total), committed=str(budget.committed))
    return total


def _drafted(law: FinsamLaw, command: DraftBudget) -> BudgetDrafted:
    if not _FIRST_YEAR <= command.year <= _LAST_YEAR:
        raise Refused("budget-year-invalid")
    for amount, least in ((command.total, _SMALLEST_TOTAL), (command.saved_capital, Decimal(0))):
        if not (amount.is_finite() and amount >= least and amount == round(amount, 2)):
            raise Refused("total-invalid")
    weights = command.municipal_split.values()
    if not weights or not all(weight.is_finite() and weight > 0 for weight in weights):
        raise Refused("municipal-split-invalid")
    law.member(command.insurance, "insurance")
    law.member(command.region, "region")
    for code in command.municipal_split:
        law.member(code, "municipality")
    municipal_split = dict(sorted(command.municipal_split.items()))
    parties = Parties(command.insurance, command.region, municipal_split)
    return BudgetDrafted(
        association=command.association,
        year=command.year,
        total=command.total,
        insurance=command.insurance,
        region=command.region,
        municipal_split=municipal_split,
        shares=split(parties, command.total),
        prepared_by=command.prepared_by,
        drafted_on=command.drafted_on,
        saved_capital=command.saved_capital,
        adopt_by=law.adopted_by(command.year),
        report_by=law.reported_by(command.year),
    )
