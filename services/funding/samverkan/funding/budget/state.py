"""A Finsam budget as its events left it: one stream per samordningsförbund and year, everything that binds its money
inside, so that no two commands can commit the same krona (J1). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final, Literal, assert_never
from uuid import UUID

from samverkan.funding.budget.shares import Parties
from samverkan.schemas.budget import (
    AnnualReportGiven,
    BudgetAdopted,
    BudgetAudited,
    BudgetClosed,
    BudgetDrafted,
    BudgetReactionRefused,
    CommitmentMade,
    CommitmentPrepared,
    CommitmentReleased,
    CommitmentReleasePrepared,
    ContributionReceived,
    DischargeDecided,
    MemberConsulted,
    PaymentMade,
    PaymentPrepared,
    ShareLoweringPrepared,
    SharesLowered,
)

Event = (
    BudgetDrafted
    | MemberConsulted
    | BudgetAdopted
    | ShareLoweringPrepared
    | SharesLowered
    | CommitmentPrepared
    | CommitmentMade
    | CommitmentReleasePrepared
    | CommitmentReleased
    | ContributionReceived
    | PaymentPrepared
    | PaymentMade
    | BudgetClosed
    | AnnualReportGiven
    | BudgetAudited
    | DischargeDecided
    | BudgetReactionRefused
)
BudgetState = Literal[
    "none", "draft", "consulted", "adopted", "committed", "spent", "closed", "reported", "audited", "discharged"
]
NOTHING: Final = Decimal("0.00")


@dataclass(frozen=True)
class Commitment:
    """Money for an insats. `made` is None until another person attested it; `amount` is less what was given back."""

    prepared: CommitmentPrepared
    made: CommitmentMade | None = None
    amount: Decimal = NOTHING
    spent: Decimal = NOTHING
    release: CommitmentReleasePrepared | None = None
    released: tuple[CommitmentReleased, ...] = ()

    @property
    def unspent(self) -> Decimal:
        """What can still be paid out of it."""
        return self.amount - self.spent


@dataclass(frozen=True)
class Payment:
    """A payment out of a commitment; `made` is None until another person attested it."""

    prepared: PaymentPrepared
    made: PaymentMade | None = None


@dataclass(frozen=True)
class Budget:
    """`total` and `shares` are those in force; commitments by id, payments and contributions by voucher."""

    draft: BudgetDrafted | None = None
    consulted: Mapping[str, MemberConsulted] = field(default_factory=dict)
    adopted: BudgetAdopted | None = None
    total: Decimal = NOTHING
    shares: Mapping[str, Decimal] = field(default_factory=dict)
    lowering: ShareLoweringPrepared | None = None
    lowerings: tuple[SharesLowered, ...] = ()
    commitments: Mapping[UUID, Commitment] = field(default_factory=dict)
    contributions: Mapping[str, ContributionReceived] = field(default_factory=dict)
    payments: Mapping[str, Payment] = field(default_factory=dict)
    closed: BudgetClosed | None = None
    reported: AnnualReportGiven | None = None
    audited: BudgetAudited | None = None
    discharges: Mapping[str, DischargeDecided] = field(default_factory=dict)
    actors: frozenset[str] = frozenset()

    @property
    def parties(self) -> Parties:
        """Who shares it. AssertionError before there is a draft."""
        assert self.draft is not None
        return Parties(self.draft.insurance, self.draft.region, self.draft.municipal_split)

    @property
    def committed(self) -> Decimal:
        """What attested commitments bind, spent or not."""
        return sum((one.amount for one in self.commitments.values()), NOTHING)

    @property
    def available(self) -> Decimal:
        """What can still be committed; never below zero."""
        return self.total - self.committed

    @property
    def spent(self) -> Decimal:
        """What has been paid out."""
        return sum((one.spent for one in self.commitments.values()), NOTHING)

    @property
    def state(self) -> BudgetState:
        """none → draft → consulted → adopted → committed → spent → closed → reported → audited → discharged."""
        if self.audited is not None:
            granted = {member for member, decided in self.discharges.items() if decided.granted}
            return "discharged" if granted.issuperset(self.parties.members) else "audited"
        if self.reported is not None:
            return "reported"
        if self.closed is not None:
            return "closed"
        if self.adopted is not None:
            if self.payments and any(payment.made for payment in self.payments.values()):
                return "spent"
            return "committed" if any(one.made for one in self.commitments.values()) else "adopted"
        if self.draft is None:
            return "none"
        return "consulted" if self.consulted.keys() >= set(self.parties.members) else "draft"


def evolve(budget: Budget, event: Event) -> Budget:
    """Fold one recorded event into the state; what has happened is never refused."""
    match event:
        case BudgetDrafted():
            return Budget(draft=event, total=event.total, shares=event.shares)
        case MemberConsulted():
            return replace(budget, consulted={**budget.consulted, event.member: event})
        case BudgetAdopted():
            assert budget.draft is not None
            took_part = {budget.draft.prepared_by, event.attested_by}
            return replace(budget, adopted=event, actors=budget.actors | took_part)
        case ShareLoweringPrepared():
            return replace(budget, lowering=event)
        case SharesLowered():
            took_part = {event.prepared_by, event.attested_by}
            return replace(
                budget,
                total=event.total,
                shares=event.shares,
                lowering=None,
                lowerings=(*budget.lowerings, event),
                actors=budget.actors | took_part,
            )
        case CommitmentPrepared() | CommitmentMade() | CommitmentReleasePrepared() | CommitmentReleased():
            return _committing(budget, event)
        case ContributionReceived():
            return replace(budget, contributions={**budget.contributions, event.voucher: event})
        case PaymentPrepared():
            return replace(budget, payments={**budget.payments, event.voucher: Payment(event)})
        case PaymentMade():
            return _paid(budget, event)
        case BudgetClosed(prepared_by=actor):
            return replace(budget, closed=event, actors=budget.actors | {actor})
        case AnnualReportGiven(attested_by=actor):
            return replace(budget, reported=event, actors=budget.actors | {actor})
        case BudgetAudited():
            return replace(budget, audited=event)
        case DischargeDecided():
            return replace(budget, discharges={**budget.discharges, event.member: event})
        case BudgetReactionRefused():
            return budget
        case _:
            assert_never(event)


def _committing(
    budget: Budget, event: CommitmentPrepared | CommitmentMade | CommitmentReleasePrepared | CommitmentReleased
) -> Budget:
    commitment_id, actors = event.commitment_id, budget.actors
    match event:
        case CommitmentPrepared():
            commitment = Commitment(event)
        case CommitmentMade():
            commitment = replace(budget.commitments[commitment_id], made=event, amount=event.amount)
            actors = actors | {event.prepared_by, event.attested_by}
        case CommitmentReleasePrepared():
            commitment = replace(budget.commitments[commitment_id], release=event)
        case _:
            before = budget.commitments[commitment_id]
            commitment = replace(
                before, amount=before.amount - event.amount, release=None, released=(*before.released, event)
            )
            actors = actors | {event.prepared_by, event.attested_by}
    return replace(budget, commitments={**budget.commitments, commitment_id: commitment}, actors=actors)


def _paid(budget: Budget, event: PaymentMade) -> Budget:
    before = budget.commitments[event.commitment_id]
    return replace(
        budget,
        payments={**budget.payments, event.voucher: replace(budget.payments[event.voucher], made=event)},
        commitments={**budget.commitments, event.commitment_id: replace(before, spent=before.spent + event.amount)},
        actors=budget.actors | {event.prepared_by, event.attested_by},
    )
