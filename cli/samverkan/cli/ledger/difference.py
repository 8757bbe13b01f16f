"""Something about the money that cannot be so if funding did what it says."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True)
class Difference:
    """`code` is stable. `expected` and `told` in kronor; None: there is no such amount.

    `entry-unbalanced`: what an event posts is not 0. `computed-otherwise`: the rule version gives another amount.
    `not-computable`: it gives none. `corrected-otherwise`, `credited-otherwise`, `ordered-otherwise`,
    `recovered-otherwise`, `waived-otherwise`, `repaid-too-much`: not what the month's earlier events leave.
    `account-otherwise`: a balance is not what the months or commitments add up to. `set-off-otherwise`: one side took
    another amount than the other gave. `order-otherwise`: an order's sum or count is not that of its claims.
    `overspent`: commitments beyond the budget. `unreadable`: an event that cannot be read or does not belong there.
    """

    stream_id: UUID
    version: int
    code: str
    about: str = ""
    expected: Decimal | None = None
    told: Decimal | None = None

    def sentence(self, *, show_values: bool) -> str:
        """Which stream, which version, what; the kronor only when asked for."""
        values = f": {self.expected} expected, {self.told} told" if show_values else ""
        return f"{self.stream_id} version {self.version}: {self.code}{f' ({self.about})' if self.about else ''}{values}"
