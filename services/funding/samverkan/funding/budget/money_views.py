"""What queries about a budget's money read: its vouchers and its ledger. Pure folds of funding's own events."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Final
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.funding.budget.state import NOTHING
from samverkan.schemas.budget import (
    BudgetAdopted,
    BudgetClosed,
    CommitmentMade,
    CommitmentReleased,
    ContributionReceived,
    PaymentMade,
    PaymentPrepared,
    SharesLowered,
)

POSTING: Final = (
    BudgetAdopted,
    SharesLowered,
    CommitmentMade,
    CommitmentReleased,
    ContributionReceived,
    PaymentMade,
    BudgetClosed,
)  # each carries its entry: `posted`


@dataclass(frozen=True)
class VoucherRow:
    """Money in or out: `state` is received, prepared (awaits another person) or paid."""

    key: str
    budget_id: UUID | None = None
    voucher: str | None = None
    state: str | None = None
    amount: Decimal = NOTHING
    member: str | None = None
    commitment_id: UUID | None = None
    prepared_by: str | None = None
    attested_by: str | None = None
    on_day: date | None = None


class Vouchers(View[VoucherRow]):
    """One row per voucher of a budget; its key is `<budget>/<voucher>`."""

    table: ClassVar = "finsam_voucher"
    row: ClassVar = VoucherRow
    events: ClassVar = (ContributionReceived, PaymentPrepared, PaymentMade)

    def keys(self, recorded: Recorded) -> tuple[str, ...]:
        event = recorded.event
        assert isinstance(event, self.events)
        return (f"{recorded.stream_id}/{event.voucher}",)

    def fold(self, row: VoucherRow, recorded: Recorded) -> VoucherRow:
        match recorded.event:
            case ContributionReceived() as received:
                return replace(
                    row,
                    budget_id=recorded.stream_id,
                    voucher=received.voucher,
                    state="received",
                    amount=received.amount,
                    member=received.member,
                    on_day=received.received_on,
                )
            case PaymentPrepared() as prepared:
                return replace(
                    row,
                    budget_id=recorded.stream_id,
                    voucher=prepared.voucher,
                    state="prepared",
                    amount=prepared.amount,
                    commitment_id=prepared.commitment_id,
                    prepared_by=prepared.prepared_by,
                    on_day=prepared.prepared_on,
                )
            case PaymentMade() as made:
                return replace(row, state="paid", attested_by=made.attested_by, on_day=made.paid_on)
            case _:
                return row


@dataclass(frozen=True)
class LedgerRow:
    """One account of one entry: debit above zero, credit below. It traces to the event, its decision, by id."""

    key: str
    budget_id: UUID | None = None
    version: int | None = None
    account: str | None = None
    amount: Decimal = NOTHING
    decision: str | None = None
    event_id: UUID | None = None
    actor: str | None = None
    on_day: date | None = None


class Ledger(View[LedgerRow]):
    """One row per entry and account; its key is `<budget>/<version>/<account>`, so a budget's are in order."""

    table: ClassVar = "finsam_ledger"
    row: ClassVar = LedgerRow
    events: ClassVar = POSTING

    def keys(self, recorded: Recorded) -> tuple[str, ...]:
        event = recorded.event
        assert isinstance(event, self.events)
        return tuple(f"{recorded.stream_id}/{recorded.envelope.version:09d}/{account}" for account in event.posted)

    def fold(self, row: LedgerRow, recorded: Recorded) -> LedgerRow:
        event = recorded.event
        assert isinstance(event, self.events)
        account = row.key.split("/", 2)[2]
        return replace(
            row,
            budget_id=recorded.stream_id,
            version=recorded.envelope.version,
            account=account,
            amount=event.posted[account],
            decision=type(event).__name__,
            event_id=recorded.envelope.id,
            actor=recorded.envelope.actor,
            on_day=event.effective_on(),
        )
