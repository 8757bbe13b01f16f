"""Every stream of funding's topic, and what only several streams together tell: set-offs and orders. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from samverkan.cli.ledger.budgets import audit_budget
from samverkan.cli.ledger.compensations import Audited, audit_compensation
from samverkan.cli.ledger.difference import Difference
from samverkan.funding.budget.budget import budget_under
from samverkan.funding.budget.law import load_law
from samverkan.funding.compensation.compensation import compensation_under
from samverkan.funding.conditions.load import load_conditions
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.schemas.budget import BudgetDrafted
from samverkan.schemas.credit_orders import ClaimOrdered, CreditOrderClosed
from samverkan.schemas.event import Event
from samverkan.schemas.funding import CompensationApplied
from samverkan.schemas.recovery import CreditWithheld, RecoverySetOff

Streams = Mapping[UUID, Sequence[Event]]


@dataclass
class Programme:
    """The compensations of a form, or a Finsam budget, together: kronor by account, which sum to 0."""

    streams: int = 0
    events: int = 0
    accounts: dict[str, Decimal] = field(default_factory=dict)


@dataclass
class Audit:
    """What was found, programme by programme. `sealed`: events whose amounts cannot be read here."""

    programmes: dict[str, Programme] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    sealed: int = 0
    set_offs_under_way: int = 0


def audit(rules: Rulebook, streams: Streams) -> Audit:
    """Audit every stream that moves money."""
    found = Audit()
    compensation = _Kind(compensation_under(rules, load_conditions()).events, partial(audit_compensation, rules))
    budget = _Kind(budget_under(load_law()).events, audit_budget)
    for stream_id, events in sorted(streams.items()):
        kinds = {type(event) for event in events}
        if CompensationApplied in kinds:
            _add(found, compensation.audit(stream_id, events), len(events))
        elif BudgetDrafted in kinds:
            _add(found, budget.audit(stream_id, events), len(events))
    found.differences += [*_set_offs(found, streams), *_orders(streams)]
    return found


@dataclass(frozen=True)
class _Kind:
    """The streams of one aggregate: the events that belong there, and what adds them up."""

    events: frozenset[type]
    add_up: Callable[[UUID, Sequence[Any]], Audited]

    def audit(self, stream_id: UUID, events: Sequence[Event]) -> Audited:
        """A stream with an event that does not belong there is not added up."""
        for version, event in enumerate(events, 1):
            if type(event) not in self.events:
                about = type(event).__name__
                return Audited(stream_id, differences=[Difference(stream_id, version, "unreadable", about)])
        return self.add_up(stream_id, events)


def _add(found: Audit, audited: Audited, events: int) -> None:
    found.differences += audited.differences
    found.sealed += audited.sealed
    if audited.programme is None:
        return
    programme = found.programmes.setdefault(audited.programme, Programme())
    programme.streams += 1
    programme.events += events
    for account, amount in audited.accounts.items():
        programme.accounts[account] = programme.accounts.get(account, Decimal(0)) + amount


def _told(streams: Streams, kind: type[Any]) -> Iterator[tuple[UUID, int, Any]]:
    for stream_id, events in sorted(streams.items()):
        for version, event in enumerate(events, 1):
            if isinstance(event, kind):
                yield stream_id, version, event


def _set_offs(found: Audit, streams: Streams) -> Iterable[Difference]:
    """What the credit kept is what the recovery was reduced by; one that only kept so far is under way."""
    kept = {event.set_off_id: (stream, version, event) for stream, version, event in _told(streams, CreditWithheld)}
    for stream_id, version, event in _told(streams, RecoverySetOff):
        _, _, withheld = kept.pop(event.set_off_id, (None, None, None))
        told, expected = _amount(event), None if withheld is None else _amount(withheld)
        if expected != told:
            yield Difference(stream_id, version, "set-off-otherwise", str(event.set_off_id), expected, told)
    found.set_offs_under_way = len(kept)


def _orders(streams: Streams) -> Iterator[Difference]:
    """A closed order is the sum of the claims that were taken into it."""
    taken: dict[UUID, list[Decimal]] = defaultdict(list)
    for _, _, event in _told(streams, ClaimOrdered):
        taken[event.order_id].append(_amount(event) or Decimal(0))
    for order_id, version, event in _told(streams, CreditOrderClosed):
        lines = taken[order_id]
        if event.count != len(lines):
            counts = Decimal(len(lines)), Decimal(event.count)
            yield Difference(order_id, version, "order-otherwise", "count", *counts)
        if event.economy is not None and event.economy.total != sum(lines, Decimal(0)):
            sums = sum(lines, Decimal(0)), event.economy.total
            yield Difference(order_id, version, "order-otherwise", "total", *sums)


def _amount(event: Any) -> Decimal | None:
    amount: Decimal | None = None if event.economy is None else event.economy.amount
    return amount
