"""The budget's ledger: which accounts an event enters, debit above zero and credit below. Pure.

Double entry: every entry's amounts make zero, so that the balances of all accounts do. `available` and
`committed/<id>` are what the budget still owes its purpose, so their balance is on the credit side.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final
from uuid import UUID

from samverkan.funding.budget.state import NOTHING, Budget

BANK: Final = "bank"
AVAILABLE: Final = "available"
SAVED: Final = "saved-capital"

Entry = dict[str, Decimal]


def receivable(member: str) -> str:
    """What the member has still to pay of its share."""
    return f"receivable/{member}"


def committed(commitment_id: UUID) -> str:
    """What can still be paid out of the commitment."""
    return f"committed/{commitment_id}"


def adoption(shares: Mapping[str, Decimal], total: Decimal, saved_capital: Decimal) -> Entry:
    """The members owe their shares, and the total can be committed; saved capital is brought forward."""
    entry = {receivable(member): share for member, share in shares.items()} | {AVAILABLE: -total}
    return entry | ({BANK: saved_capital, SAVED: -saved_capital} if saved_capital else {})


def lowering(before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> Entry:
    """The members owe less, and less can be committed."""
    entry = {receivable(member): after[member] - before[member] for member in before}
    return entry | {AVAILABLE: -sum(entry.values(), NOTHING)}


def commitment(commitment_id: UUID, amount: Decimal) -> Entry:
    """From what is available to the commitment; a release is the same with the amount below zero."""
    return {AVAILABLE: amount, committed(commitment_id): -amount}


def contribution(member: str, amount: Decimal) -> Entry:
    """A member paid of its share."""
    return {BANK: amount, receivable(member): -amount}


def payment(commitment_id: UUID, amount: Decimal) -> Entry:
    """Paid out of the commitment."""
    return {committed(commitment_id): amount, BANK: -amount}


def closing(budget: Budget) -> Entry:
    """What is left, uncommitted or committed, becomes saved capital."""
    left = {AVAILABLE: budget.available} | {
        committed(commitment_id): one.unspent for commitment_id, one in budget.commitments.items()
    }
    entry = {account: amount for account, amount in left.items() if amount}
    return entry | {SAVED: -sum(entry.values(), NOTHING)} if entry else {}
