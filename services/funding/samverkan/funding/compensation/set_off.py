"""Taking what is owed from a later credit of the same employer (docs/decisions/0013). Pure.

Two streams, three steps: the recovery reserves, the credit withholds, the recovery is reduced or gets its part back.
Each step is decided by the one stream whose money it moves, and may be repeated as often as a crash wants.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from uuid import UUID, uuid5

from samverkan.backbone.calendar import first_of_month
from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.claim_state import ZERO, Claim, Reservation
from samverkan.funding.compensation.evolve import Event
from samverkan.funding.compensation.in_force import claimed, granted
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.conditions.conditions import Conditions
from samverkan.schemas.recovery import (
    CreditWithheld,
    Kronor,
    RecoverySetOff,
    SetOff,
    SetOffReleased,
    SetOffReserved,
    WithholdingDeclined,
)


@dataclass(frozen=True)
class Source:
    """A later credit: of which compensation and month, and who its employer is."""

    compensation_id: UUID
    work_month: date
    employer_number: str | None


@dataclass(frozen=True)
class ReserveSetOff:
    """AF sets a recovery off against a later credit: as much as is owed, or `at_most`."""

    compensation_id: UUID
    work_month: date
    source: Source
    at_most: Decimal | None = None


@dataclass(frozen=True)
class WithholdCredit:
    """The credit keeps back what the recovery reserved, or the reasonable part that is left of it."""

    set_off_id: UUID
    work_month: date
    recovery_of: UUID
    recovery_month: date
    amount: Decimal
    today: date


@dataclass(frozen=True)
class CompleteSetOff:
    """The other credit kept `amount`: the recovery is less by it."""

    set_off_id: UUID
    work_month: date
    amount: Decimal


@dataclass(frozen=True)
class ReleaseSetOff:
    """The other credit declined; `code` says why."""

    set_off_id: UUID
    work_month: date
    code: str


def reserve(command: ReserveSetOff, compensation: Compensation) -> Sequence[Event]:
    """Refused: as `claimed`; `not-in-recovery`, `nothing-owed`, `employer-unreadable`, `other-employer`,
    `set-off-against-itself`, `amount-invalid`. Never reserves more than is owed, whatever else is under way."""
    month, claim = claimed(compensation, command.work_month)
    if claim.recovery_on is None:
        raise Refused("not-in-recovery")
    source, from_month = command.source, first_of_month(command.source.work_month)
    if (source.compensation_id, from_month) in _asked(claim):
        return []  # one credit is asked once for a recovery
    _same_employer(source, compensation)
    if (source.compensation_id, from_month) == (command.compensation_id, month):
        raise Refused("set-off-against-itself")
    if command.at_most is not None and not 0 < command.at_most == round(command.at_most, 2):
        raise Refused("amount-invalid")
    amount = claim.free if command.at_most is None else min(claim.free, command.at_most)
    if not amount:
        raise Refused("nothing-owed")
    return [
        SetOffReserved(
            set_off_id=uuid5(
                command.compensation_id, f"{month}/{source.compensation_id}/{from_month}/{claim.released}"
            ),
            work_month=month,
            from_compensation=source.compensation_id,
            from_month=from_month,
            economy=Kronor(amount=amount),
        )
    ]


def withhold(conditions: Conditions, command: WithholdCredit, compensation: Compensation) -> Sequence[Event]:
    """The answer is given once, and a refusal is an answer: otherwise who asks twice, after a crash, could be told no
    and yes, and give the part back that was kept here.

    Declined: as `claimed`; `claim-ordered`, `already-credited`, `set-off-unreasonable`, `no-rule-in-force`.
    """
    month = first_of_month(command.work_month)
    known = compensation.claims.get(month)
    if known is not None and command.set_off_id in known.answered:
        return []
    try:
        amount = min(command.amount, _room(conditions, command, compensation))
    except Refused as refused:
        return [
            WithholdingDeclined(
                set_off_id=command.set_off_id,
                work_month=month,
                recovery_of=command.recovery_of,
                recovery_month=command.recovery_month,
                code=refused.code,
            )
        ]
    return [
        CreditWithheld(
            set_off_id=command.set_off_id,
            work_month=month,
            recovery_of=command.recovery_of,
            recovery_month=command.recovery_month,
            economy=Kronor(amount=amount),
        )
    ]


def _room(conditions: Conditions, command: WithholdCredit, compensation: Compensation) -> Decimal:
    """What may still be kept of the credit, kronor, above 0."""
    _, claim = claimed(compensation, command.work_month)
    if claim.order_id is not None:
        raise Refused("claim-ordered")
    if not claim.due:
        raise Refused("already-credited")
    share = Fraction(conditions.set_off_share(command.today).share)
    reasonable = Decimal(floor(Fraction(claim.due) * share * 100)).scaleb(-2)
    room = reasonable - claim.withheld_in_all
    if room <= 0:
        raise Refused("set-off-unreasonable")
    return room


def complete(command: CompleteSetOff, compensation: Compensation) -> Sequence[Event]:
    """Nothing when it is no longer reserved: it was completed before. Refused: as `claimed`, `amount-invalid`."""
    month, claim = claimed(compensation, command.work_month)
    reserved = claim.reserved.get(command.set_off_id)
    if reserved is None:
        return []
    if not ZERO < command.amount <= reserved.amount:
        raise Refused("amount-invalid")
    application, _ = granted(compensation)
    return [
        RecoverySetOff(
            case_id=application.case_id,
            set_off_id=command.set_off_id,
            work_month=month,
            from_compensation=reserved.from_compensation,
            from_month=reserved.from_month,
            economy=SetOff(amount=command.amount, released=(reserved.amount - command.amount) or None),
        )
    ]


def release(command: ReleaseSetOff, compensation: Compensation) -> Sequence[Event]:
    """Nothing when it is no longer reserved. Refused: as `claimed`."""
    month, claim = claimed(compensation, command.work_month)
    reserved = claim.reserved.get(command.set_off_id)
    if reserved is None:
        return []
    return [
        SetOffReleased(
            set_off_id=command.set_off_id,
            work_month=month,
            code=command.code,
            economy=Kronor(amount=reserved.amount),
        )
    ]


def _asked(claim: Claim) -> set[tuple[UUID, date]]:
    under_way = {_source(one) for one in claim.reserved.values()}
    return under_way | claim.set_off_from


def _source(one: Reservation) -> tuple[UUID, date]:
    return one.from_compensation, one.from_month


def _same_employer(source: Source, compensation: Compensation) -> None:
    application = compensation.application
    known = None if application is None or application.employment is None else application.employment.employer_number
    if known is None or source.employer_number is None:
        raise Refused("employer-unreadable")
    if known != source.employer_number:
        raise Refused("other-employer")
