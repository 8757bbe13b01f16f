"""One Finsam budget, event by event: what each posts, and the balances against the commitments. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from samverkan.cli.ledger.compensations import Audited
from samverkan.cli.ledger.difference import Difference
from samverkan.funding.budget.ledger import AVAILABLE, committed
from samverkan.funding.budget.state import NOTHING, Budget, Event, evolve


def audit_budget(stream_id: UUID, events: Sequence[Event]) -> Audited:
    """Add up one stream from its first event."""
    audited, budget = Audited(stream_id), Budget()
    for version, event in enumerate(events, 1):
        posted: dict[str, Decimal] = getattr(event, "posted", {})
        for account, amount in posted.items():
            audited.accounts[account] = audited.accounts.get(account, NOTHING) + amount
        budget = evolve(budget, event)
        found = [("entry-unbalanced", "", NOTHING, sum(posted.values(), NOTHING))]
        found.append(("overspent", "", min(budget.committed, budget.total), budget.committed))
        if posted:
            found += [("account-otherwise", account, *pair) for account, pair in _wanted(budget, audited).items()]
        audited.differences += [
            Difference(stream_id, version, code, about or type(event).__name__, expected, told)
            for code, about, expected, told in found
            if expected != told
        ]
    if budget.draft is not None:
        audited.programme = f"finsam {budget.draft.association} {budget.draft.year}"
    return audited


def _wanted(budget: Budget, audited: Audited) -> dict[str, tuple[Decimal, Decimal]]:
    """What each account that binds money should have, and has: nothing when the books are closed."""
    wanted = {AVAILABLE: -budget.available, **{committed(one): -c.unspent for one, c in budget.commitments.items()}}
    over = budget.closed is not None
    return {
        account: (NOTHING if over else balance, audited.accounts.get(account, NOTHING))
        for account, balance in wanted.items()
    }
