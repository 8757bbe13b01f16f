"""What queries about a budget's plan read: the budget and its commitments. Pure folds of funding's own events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar, Final
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.funding.budget.money_views import POSTING
from samverkan.funding.budget.state import NOTHING
from samverkan.schemas.budget import (
    AnnualReportGiven,
    BudgetAdopted,
    BudgetAudited,
    BudgetClosed,
    BudgetDrafted,
    CommitmentMade,
    CommitmentPrepared,
    CommitmentReleased,
    CommitmentReleasePrepared,
    DischargeDecided,
    MemberConsulted,
    PaymentMade,
    PaymentPrepared,
    ShareLoweringPrepared,
    SharesLowered,
)

_BUDGET: Final = (
    *(BudgetDrafted, MemberConsulted, ShareLoweringPrepared, CommitmentPrepared, CommitmentReleasePrepared),
    *(PaymentPrepared, *POSTING, AnnualReportGiven, BudgetAudited, DischargeDecided),
)


@dataclass(frozen=True)
class BudgetRow:
    """A budget. Kronor, in `shares` as texts. `consulted` and `discharges` say of each member yes or no.

    `available` is adopted and not committed; `saved_capital` is brought forward, after closing with what was left.
    """

    budget_id: UUID
    version: int = 0
    association: str | None = None
    year: int | None = None
    state: str = "none"
    total: Decimal = NOTHING
    committed: Decimal = NOTHING
    available: Decimal = NOTHING
    spent: Decimal = NOTHING
    saved_capital: Decimal = NOTHING
    shares: Mapping[str, str] = field(default_factory=dict)
    consulted: Mapping[str, bool] = field(default_factory=dict)
    discharges: Mapping[str, bool] = field(default_factory=dict)
    adopted_on: date | None = None
    adoption_due_on: date | None = None
    adoption_days_late: int | None = None
    lowering_awaits: bool = False
    closed_on: date | None = None
    reported_on: date | None = None
    report_due_on: date | None = None
    report_days_late: int | None = None
    audited_on: date | None = None
    auditor_recommends_discharge: bool | None = None


class Budgets(View[BudgetRow]):
    """One row per association and year."""

    table: ClassVar = "finsam_budget"
    row: ClassVar = BudgetRow
    events: ClassVar = _BUDGET

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: BudgetRow, recorded: Recorded) -> BudgetRow:
        row = replace(row, version=recorded.envelope.version)
        match recorded.event:
            case BudgetDrafted() as drafted:
                return _drafted(row, drafted)
            case MemberConsulted(member=member, agrees=agrees):
                consulted = {**row.consulted, member: agrees}
                return replace(
                    row, consulted=consulted, state="consulted" if consulted.keys() >= row.shares.keys() else "draft"
                )
            case BudgetAdopted() as adopted:
                return replace(
                    row,
                    state="adopted",
                    available=row.total,
                    adopted_on=adopted.adopted_on,
                    adoption_due_on=adopted.due_on,
                    adoption_days_late=adopted.days_late,
                )
            case ShareLoweringPrepared():
                return replace(row, lowering_awaits=True)
            case SharesLowered(total=total, shares=shares):
                available = total - row.committed
                return replace(row, total=total, available=available, shares=_texts(shares), lowering_awaits=False)
            case CommitmentMade(amount=amount):
                state = "spent" if row.state == "spent" else "committed"
                return _committed(replace(row, state=state), amount)
            case CommitmentReleased(amount=amount):
                return _committed(row, -amount)
            case PaymentMade(amount=amount):
                return replace(row, state="spent", spent=row.spent + amount)
            case BudgetClosed(closed_on=day, saved_capital=saved):
                return replace(row, state="closed", closed_on=day, saved_capital=saved, available=NOTHING)
            case AnnualReportGiven() as given:
                return replace(
                    row,
                    state="reported",
                    reported_on=given.reported_on,
                    report_due_on=given.due_on,
                    report_days_late=given.days_late,
                )
            case BudgetAudited(audited_on=day, recommends_discharge=recommends):
                return replace(row, state="audited", audited_on=day, auditor_recommends_discharge=recommends)
            case DischargeDecided(member=member, granted=granted):
                discharges = {**row.discharges, member: granted}
                every = discharges.keys() >= row.shares.keys() and all(discharges.values())
                return replace(row, discharges=discharges, state="discharged" if every else "audited")
            case _:
                return row


@dataclass(frozen=True)
class CommitmentRow:
    """Money for an insats: `state` is prepared or made. `amount` is less what was given back."""

    commitment_id: UUID
    budget_id: UUID | None = None
    insats_id: UUID | None = None
    state: str | None = None
    amount: Decimal = NOTHING
    spent: Decimal = NOTHING
    participants: int | None = None
    per_participant: Decimal | None = None
    prepared_by: str | None = None
    attested_by: str | None = None
    decided_on: date | None = None
    release_awaits: bool = False


class Commitments(View[CommitmentRow]):
    """One row per commitment, attested or awaiting."""

    table: ClassVar = "finsam_commitment"
    row: ClassVar = CommitmentRow
    events: ClassVar = (
        *(CommitmentPrepared, CommitmentMade, CommitmentReleasePrepared, CommitmentReleased),
        PaymentMade,
    )

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        event = recorded.event
        assert isinstance(event, self.events)
        return (event.commitment_id,)

    def fold(self, row: CommitmentRow, recorded: Recorded) -> CommitmentRow:
        match recorded.event:
            case CommitmentPrepared() as prepared:
                return replace(
                    row,
                    budget_id=recorded.stream_id,
                    insats_id=prepared.insats_id,
                    state="prepared",
                    amount=prepared.amount,
                    participants=prepared.participants,
                    prepared_by=prepared.prepared_by,
                )
            case CommitmentMade() as made:
                return replace(
                    row,
                    state="made",
                    per_participant=made.per_participant,
                    attested_by=made.attested_by,
                    decided_on=made.decided_on,
                )
            case CommitmentReleasePrepared():
                return replace(row, release_awaits=True)
            case CommitmentReleased(amount=amount):
                return replace(row, amount=row.amount - amount, release_awaits=False)
            case PaymentMade(amount=amount):
                return replace(row, spent=row.spent + amount)
            case _:
                return row


def _drafted(row: BudgetRow, drafted: BudgetDrafted) -> BudgetRow:
    return replace(
        row,
        association=drafted.association,
        year=drafted.year,
        state="draft",
        total=drafted.total,
        saved_capital=drafted.saved_capital,
        adoption_due_on=drafted.adopt_by,
        report_due_on=drafted.report_by,
        shares=_texts(drafted.shares),
        consulted={},
    )


def _committed(row: BudgetRow, amount: Decimal) -> BudgetRow:
    return replace(row, committed=row.committed + amount, available=row.available - amount)


def _texts(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {code: str(amount) for code, amount in amounts.items()}
