"""What an agency keeps of Finsam: budgets and the insatser that they finance. Nothing of it tells of a person, so every
agency has it, the coordination association too."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.budget import (
    AnnualReportGiven,
    BudgetAdopted,
    BudgetAudited,
    BudgetClosed,
    BudgetDrafted,
    CommitmentMade,
    CommitmentReleased,
    DischargeDecided,
    InsatsAgreed,
    InsatsEnded,
    InsatsMadeRegular,
    InsatsProposed,
    InsatsStarted,
    MemberConsulted,
    PaymentMade,
    SharesLowered,
)


@dataclass(frozen=True)
class BudgetRow:
    """A budget. Kronor, in `shares` and `insatser` (committed to each) as texts; `uncommitted` can still be committed.

    `waits_for`: what comes next in its life. `days_late` counts adoption and annual report together.
    """

    budget_id: UUID
    association: str | None = None
    year: int | None = None
    waits_for: str = "draft"
    total: Decimal = Decimal("0.00")
    committed: Decimal = Decimal("0.00")
    uncommitted: Decimal = Decimal("0.00")
    spent: Decimal = Decimal("0.00")
    saved_capital: Decimal = Decimal("0.00")
    shares: Mapping[str, str] = field(default_factory=dict)
    insatser: Mapping[str, str] = field(default_factory=dict)
    adopted_on: date | None = None
    closed_on: date | None = None
    reported_on: date | None = None
    audited_on: date | None = None
    days_late: int = 0
    discharged_by: tuple[str, ...] = ()
    commitments: Mapping[str, str] = field(default_factory=dict)


class FinsamBudgets(View[BudgetRow]):
    """One row per association and year."""

    table: ClassVar = "finsam_budget"
    row: ClassVar = BudgetRow
    events: ClassVar = (
        *(BudgetDrafted, MemberConsulted, BudgetAdopted, SharesLowered, CommitmentMade, CommitmentReleased),
        *(PaymentMade, BudgetClosed, AnnualReportGiven, BudgetAudited, DischargeDecided),
    )

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """The budget itself."""
        return [recorded.stream_id]

    def fold(self, row: BudgetRow, recorded: Recorded) -> BudgetRow:
        """Take over what the event says."""
        match recorded.event:
            case BudgetDrafted() as drafted:
                return replace(
                    row,
                    association=drafted.association,
                    year=drafted.year,
                    waits_for="consultation",
                    total=drafted.total,
                    saved_capital=drafted.saved_capital,
                    shares={member: str(share) for member, share in drafted.shares.items()},
                )
            case BudgetAdopted(adopted_on=day, days_late=late):
                uncommitted = row.total
                return replace(row, waits_for="closing", adopted_on=day, days_late=late, uncommitted=uncommitted)
            case SharesLowered(total=total, shares=shares):
                lowered = {member: str(share) for member, share in shares.items()}
                return replace(row, total=total, uncommitted=total - row.committed, shares=lowered)
            case CommitmentMade(commitment_id=commitment, insats_id=insats, amount=amount):
                known = {**row.commitments, str(commitment): str(insats)}
                return _committed(replace(row, commitments=known), str(commitment), amount)
            case CommitmentReleased(commitment_id=commitment, amount=amount):
                return _committed(row, str(commitment), -amount)
            case PaymentMade(amount=amount):
                return replace(row, spent=row.spent + amount)
            case BudgetClosed(closed_on=day, saved_capital=saved):
                return replace(row, waits_for="annual-report", closed_on=day, saved_capital=saved)
            case AnnualReportGiven(reported_on=day, days_late=late):
                return replace(row, waits_for="audit", reported_on=day, days_late=row.days_late + late)
            case BudgetAudited(audited_on=day):
                return replace(row, waits_for="discharge", audited_on=day)
            case DischargeDecided(member=member, granted=granted):
                granting = {*row.discharged_by, member} if granted else {*row.discharged_by} - {member}
                waits_for = "nothing" if granting >= row.shares.keys() else "discharge"
                return replace(row, waits_for=waits_for, discharged_by=tuple(sorted(granting)))
            case _:
                return row


@dataclass(frozen=True)
class InsatsRow:
    """An insats; `state` is proposed, agreed, project, regular or ended. Kronor by `<party>/<year>/<kind>`."""

    insats_id: UUID
    association: str | None = None
    title: str | None = None
    target_group: str | None = None
    state: str = "proposed"
    parties: tuple[str, ...] = ()
    steering_group: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    places: int | None = None
    contributions: Mapping[str, str] = field(default_factory=dict)
    yearly_cost: Mapping[str, str] = field(default_factory=dict)
    regular_from: date | None = None
    last_day_on: date | None = None


class FinsamInsatser(View[InsatsRow]):
    """One row per insats."""

    table: ClassVar = "finsam_insats"
    row: ClassVar = InsatsRow
    events: ClassVar = (InsatsProposed, InsatsAgreed, InsatsStarted, InsatsMadeRegular, InsatsEnded)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """The insats itself."""
        return [recorded.stream_id]

    def fold(self, row: InsatsRow, recorded: Recorded) -> InsatsRow:
        """Take over what the event says."""
        match recorded.event:
            case InsatsProposed() as proposed:
                return replace(
                    row,
                    association=proposed.association,
                    title=proposed.title,
                    target_group=proposed.target_group,
                    state="proposed",
                    parties=proposed.parties,
                    steering_group=proposed.steering_group,
                    starts_on=proposed.starts_on,
                    ends_on=proposed.ends_on,
                    places=proposed.places,
                    contributions={key: str(amount) for key, amount in proposed.contributions.items()},
                )
            case InsatsAgreed():
                return replace(row, state="agreed")
            case InsatsStarted():
                return replace(row, state="project")
            case InsatsMadeRegular(regular_from=day, yearly_cost=cost):
                yearly = {party: str(amount) for party, amount in cost.items()}
                return replace(row, state="regular", regular_from=day, yearly_cost=yearly)
            case InsatsEnded(last_day_on=day):
                return replace(row, state="ended", last_day_on=day)
            case _:
                return row


def _committed(row: BudgetRow, commitment: str, amount: Decimal) -> BudgetRow:
    insats = row.commitments[commitment]
    to_it = Decimal(row.insatser.get(insats, "0.00")) + amount
    return replace(
        row,
        committed=row.committed + amount,
        uncommitted=row.uncommitted - amount,
        insatser={**row.insatser, insats: str(to_it)},
    )
