"""Double entry: what each event posts, so that every amount traces to a decision, a claim and an event. Pure.

Kronor, debit above 0 and credit below. What one event posts adds up to 0, so every balance of accounts does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from samverkan.schemas.event import Event
from samverkan.schemas.funding import ClaimCalculated, ClaimCredited
from samverkan.schemas.recovery import (
    ClaimCorrected,
    CreditWithheld,
    RecoveryDecided,
    RecoverySetOff,
    RecoveryWaived,
    RepaymentReceived,
)


class Account(StrEnum):
    """The accounts of a compensation."""

    SUPPORT = "support"  # what the support costs the state
    EMPLOYER = "employer"  # what the employer is to get, or has got too much
    TAX_ACCOUNT = "tax-account"  # what went to the employer
    RECEIVABLE = "receivable"  # what a recovery decision asks for
    SET_OFF = "set-off"  # between the credit that kept something and the recovery that it settles
    BANK = "bank"  # what the employer repaid
    INTEREST = "interest"
    WAIVED = "waived"  # what is never asked back


@dataclass(frozen=True)
class Posting:
    """One side of an entry, on the work month that it is about."""

    account: Account
    work_month: date
    amount: Decimal


def postings(event: Event) -> Sequence[Posting]:
    """What the event posts, in order; nothing for an event without money, or whose amounts are sealed to us."""
    match event:
        case ClaimCalculated(work_month=month, economy=economy) if economy is not None:
            return _pair(month, Account.SUPPORT, Account.EMPLOYER, economy.credit)
        case ClaimCorrected(work_month=month, economy=economy) if economy is not None:
            # A recovery decision falls with the amount that it was about: what it asked for is undecided again.
            fallen = _pair(month, Account.EMPLOYER, Account.RECEIVABLE, economy.recovery_cancelled)
            kept = _pair(month, Account.EMPLOYER, Account.WAIVED, economy.waiver_cancelled or Decimal(0))
            return [*_pair(month, Account.SUPPORT, Account.EMPLOYER, economy.difference), *fallen, *kept]
        case CreditWithheld(work_month=month, economy=economy) if economy is not None:
            return _pair(month, Account.EMPLOYER, Account.SET_OFF, economy.amount)
        case ClaimCredited(work_month=month, economy=economy) if economy is not None:
            return _pair(month, Account.EMPLOYER, Account.TAX_ACCOUNT, economy.credit)
        case RecoveryDecided(work_month=month, economy=economy) if economy is not None:
            return _pair(month, Account.RECEIVABLE, Account.EMPLOYER, economy.amount)
        case RecoverySetOff(work_month=month, economy=economy) if economy is not None:
            return _pair(month, Account.SET_OFF, Account.RECEIVABLE, economy.amount)
        case RepaymentReceived(work_month=month, economy=economy) if economy is not None:
            return [
                *_pair(month, Account.BANK, Account.RECEIVABLE, economy.principal),
                *_pair(month, Account.BANK, Account.INTEREST, economy.interest),
            ]
        case RecoveryWaived(work_month=month, economy=economy) if economy is not None:
            undecided = economy.amount - economy.of_recovery
            return [
                *_pair(month, Account.WAIVED, Account.RECEIVABLE, economy.of_recovery),
                *_pair(month, Account.WAIVED, Account.EMPLOYER, undecided),
            ]
        case _:
            return ()


def balances(entries: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """The sum of every account that has one, by name."""
    found: dict[str, Decimal] = {}
    for account, amount in entries:
        found[account] = found.get(account, Decimal(0)) + amount
    return dict(sorted(found.items()))


def _pair(month: date, debit: Account, credit: Account, amount: Decimal) -> Sequence[Posting]:
    return [Posting(debit, month, amount), Posting(credit, month, -amount)] if amount else ()
