"""The ledger's entries as rows. Pure folds."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.clock import stockholm_date
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.funding.ledger import postings
from samverkan.schemas.funding import ClaimCalculated, ClaimCredited
from samverkan.schemas.recovery import (
    ClaimCorrected,
    CreditWithheld,
    RecoveryDecided,
    RecoverySetOff,
    RecoveryWaived,
    RepaymentReceived,
)


@dataclass(frozen=True)
class EntryRow:
    """One posting: the key is `<compensation>/<version>/<n>`, which names the event that posted it. Kronor."""

    entry: str
    compensation_id: UUID | None = None
    case_id: UUID | None = None
    version: int | None = None
    event_id: UUID | None = None
    event_type: str | None = None
    posted_on: date | None = None
    work_month: date | None = None
    account: str | None = None
    amount: Decimal = Decimal(0)


class Entries(View[EntryRow]):
    """One row per posting; a row is written once and never changes."""

    table: ClassVar = "compensation_entry"
    row: ClassVar = EntryRow
    events: ClassVar = (
        *(ClaimCalculated, ClaimCorrected, ClaimCredited, CreditWithheld),
        *(RecoveryDecided, RecoverySetOff, RecoveryWaived, RepaymentReceived),
    )

    def keys(self, recorded: Recorded) -> tuple[str, ...]:
        return tuple(_key(recorded, number) for number in range(len(postings(recorded.event))))

    def fold(self, row: EntryRow, recorded: Recorded) -> EntryRow:
        posting = postings(recorded.event)[int(row.entry.rpartition("/")[2]) - 1]
        envelope = recorded.envelope
        return replace(
            row,
            compensation_id=recorded.stream_id,
            case_id=envelope.correlation_id,
            version=envelope.version,
            event_id=envelope.id,
            event_type=type(recorded.event).__name__,
            posted_on=stockholm_date(envelope.time),
            work_month=posting.work_month,
            account=posting.account.value,
            amount=posting.amount,
        )


def _key(recorded: Recorded, number: int) -> str:
    return f"{recorded.stream_id}/{recorded.envelope.version:06}/{number + 1}"
