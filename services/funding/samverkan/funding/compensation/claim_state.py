"""A claimed work month as its events left it: what it gives, what was paid, what is owed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from samverkan.schemas.recovery import CorrectionCause, Instalment

ZERO = Decimal(0)


class ClaimState(StrEnum):
    """Where a month stands."""

    OPEN = "open"
    SUBMITTED = "submitted"
    CALCULATED = "calculated"
    FORFEITED = "forfeited"
    ORDERED = "ordered"
    CREDITED = "credited"
    CORRECTED = "corrected"
    RECOVERY = "recovery"
    SET_OFF = "set_off"
    INSTALMENT = "instalment"
    WAIVED = "waived"


@dataclass(frozen=True)
class Hearing:
    """What the employer was asked, until when, and the day of its answer."""

    sent_on: date
    answer_by: date
    answered_on: date | None = None
    agrees: bool | None = None


@dataclass(frozen=True)
class Reservation:
    """A part of a recovery that is being taken from another credit."""

    from_compensation: UUID
    from_month: date
    amount: Decimal


@dataclass(frozen=True)
class Plan:
    """Instalments, and what interest has been paid."""

    agreed_on: date
    rate: Decimal
    instalments: tuple[Instalment, ...]
    interest_paid: Decimal = ZERO

    @property
    def interest_left(self) -> Decimal:
        """Interest that is still to be paid, kronor."""
        return sum((part.interest for part in self.instalments), ZERO) - self.interest_paid


@dataclass(frozen=True)
class Claim:
    """Kronor. `credit` is what the month gives, None until it is calculated or when its key is gone.

    `paid` is what has been credited, what was withheld from it included; `part` how many credits that were.
    `withheld` is kept of the credit that is still to be made, by set-off; `answered` are all set-offs that were asked
    for here, granted or declined: an answer is given once. `reserved` is what other credits are being
    asked for. `recovery_on`: the day of the decision to recover; a new correction takes it away.
    """

    submitted: bool = False
    received_on: date | None = None
    gross_paid: Decimal | None = None
    supported_from: date | None = None
    supported_until: date | None = None
    calculated: bool = False
    credit: Decimal | None = None
    credit_by: date | None = None
    forfeited: bool = False
    order_id: UUID | None = None
    orders: frozenset[UUID] = frozenset()
    ordered: Decimal | None = None
    part: int = 0
    paid: Decimal = ZERO
    credited_on: date | None = None
    withheld: Mapping[UUID, Decimal] = field(default_factory=dict)
    answered: frozenset[UUID] = frozenset()
    needs_correction: CorrectionCause | None = None
    corrected: bool = False
    hearing: Hearing | None = None
    recovery_on: date | None = None
    recovered: Decimal = ZERO
    waived: Decimal = ZERO
    reserved: Mapping[UUID, Reservation] = field(default_factory=dict)
    set_off_from: frozenset[tuple[UUID, date]] = frozenset()
    released: int = 0
    plan: Plan | None = None
    repayments: Mapping[str, tuple[date, Decimal]] = field(default_factory=dict)
    observed: Mapping[str, tuple[date, Decimal | None]] = field(default_factory=dict)

    @property
    def due(self) -> Decimal:
        """What is still to be credited for the month, what will be withheld included."""
        return due(self.credit, self.paid, self.recovered)

    @property
    def excess(self) -> Decimal:
        """What was paid too much and is neither recovered nor waived."""
        return excess(self.credit, self.paid, self.recovered, self.waived)

    @property
    def owed(self) -> Decimal:
        """What a recovery decision asks for and is still to be repaid."""
        return ZERO if self.recovery_on is None else self.excess

    @property
    def free(self) -> Decimal:
        """What is owed and not being set off anywhere."""
        return self.owed - sum((one.amount for one in self.reserved.values()), ZERO)

    @property
    def withheld_in_all(self) -> Decimal:
        """What is kept of the credit that is still to be made."""
        return sum(self.withheld.values(), ZERO)

    @property
    def state(self) -> ClaimState:
        """Where the month stands."""
        return claim_state(
            Standing(
                submitted=self.submitted,
                forfeited=self.forfeited,
                calculated=self.calculated,
                ordered=self.order_id is not None,
                credited=self.part > 0,
                corrected=self.corrected,
                in_recovery=self.recovery_on is not None,
                set_off=bool(self.reserved or self.set_off_from),
                in_instalments=self.plan is not None,
                waived=bool(self.waived) and not self.excess,
            )
        )


@dataclass(frozen=True)
class Standing:
    """What names the state of a month."""

    submitted: bool
    forfeited: bool
    calculated: bool
    ordered: bool
    credited: bool
    corrected: bool
    in_recovery: bool
    set_off: bool
    in_instalments: bool
    waived: bool


def claim_state(month: Standing) -> ClaimState:
    """The last way of settling names it, and keeps naming it when all is settled."""
    if not month.submitted:
        return ClaimState.OPEN  # a payment was seen that nobody has claimed here
    if month.forfeited:
        return ClaimState.FORFEITED
    if not month.calculated:
        return ClaimState.SUBMITTED
    if month.ordered:
        return ClaimState.ORDERED
    if not month.credited:
        return ClaimState.CALCULATED
    if month.waived:
        return ClaimState.WAIVED
    if month.in_recovery:
        if month.set_off:
            return ClaimState.SET_OFF
        return ClaimState.INSTALMENT if month.in_instalments else ClaimState.RECOVERY
    return ClaimState.CORRECTED if month.corrected else ClaimState.CREDITED


def due(credit: Decimal | None, paid: Decimal, recovered: Decimal) -> Decimal:
    """What a month gives less what it has given, never below 0."""
    return max(ZERO, (credit or ZERO) - (paid - recovered))


def excess(credit: Decimal | None, paid: Decimal, recovered: Decimal, waived: Decimal) -> Decimal:
    """What a month has given too much and is neither recovered nor waived, never below 0."""
    return max(ZERO, paid - recovered - waived - (credit or ZERO))
