"""Every krona of true histories agrees; each kind of krona that was altered is found and named."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from samverkan.cli.ledger.auditing import Audit, audit
from samverkan.funding.budget.machine import BUDGET_MACHINE
from samverkan.funding.compensation.examples import RULES
from samverkan.funding.compensation.table import COMPENSATION
from samverkan.schemas.credit_orders import ClaimOrdered, CreditOrderClosed, OrderTotal
from samverkan.schemas.event import Event
from samverkan.schemas.funding import ClaimCalculated, ClaimCredited
from samverkan.schemas.recovery import (
    ClaimCorrected,
    CreditWithheld,
    Kronor,
    RecoveryDecided,
    RecoverySetOff,
    RecoveryWaived,
)

STREAM, OTHER = UUID(int=1), UUID(int=2)
ORE = Decimal("0.01")


def found(events: Sequence[Event], **others: Sequence[Event]) -> Audit:
    return audit(RULES, {STREAM: events, **{UUID(int=int(name[1:])): each for name, each in others.items()}})


@pytest.mark.parametrize("example", [name for name in COMPENSATION.states if "recovery set off" not in name])
def test_every_krona_of_an_example_agrees(example: str) -> None:
    audited = found(COMPENSATION.states[example])
    assert audited.differences == []
    assert all(sum(one.accounts.values()) == 0 for one in audited.programmes.values())


@pytest.mark.parametrize("example", BUDGET_MACHINE.states)
def test_every_krona_of_a_budget_agrees(example: str) -> None:
    assert found(BUDGET_MACHINE.states[example]).differences == []


def altered(example: str, kind: type[Event], change: Callable[[Any], Any]) -> list[Event]:
    """The history with the money of the last event of this type changed."""
    events = list(COMPENSATION.states[example])
    at = max(number for number, event in enumerate(events) if isinstance(event, kind))
    event: Any = events[at]
    events[at] = event.model_copy(update={"economy": change(event.economy)})
    return events


def more(name: str) -> Callable[[Any], Any]:
    return lambda economy: economy.model_copy(update={name: getattr(economy, name) + ORE})


@pytest.mark.parametrize(
    ("example", "kind", "name", "code"),
    [
        ("granted, March claimed", ClaimCalculated, "credit", "computed-otherwise"),
        ("granted, March claimed", ClaimCalculated, "own_cost", "computed-otherwise"),
        ("granted, March credited", ClaimCredited, "credit", "credited-otherwise"),
        ("granted, March ordered", ClaimOrdered, "amount", "ordered-otherwise"),
        ("granted, March overpaid", ClaimCorrected, "difference", "corrected-otherwise"),
        ("granted, March overpaid", ClaimCorrected, "credit", "computed-otherwise"),
        ("granted, recovery decided", RecoveryDecided, "amount", "recovered-otherwise"),
        ("granted, overpayment waived", RecoveryWaived, "amount", "waived-otherwise"),
    ],
)
def test_an_ore_more_is_found_and_named(example: str, kind: type[Event], name: str, code: str) -> None:
    differences = found(altered(example, kind, more(name))).differences
    assert code in {one.code for one in differences}
    assert {one.stream_id for one in differences} == {STREAM}


def test_a_set_off_is_what_the_other_credit_kept_of_itself() -> None:
    recovery = COMPENSATION.states["granted, recovery set off"]
    done = next(event for event in recovery if isinstance(event, RecoverySetOff))
    assert done.economy is not None
    assert [one.code for one in found(recovery).differences] == ["set-off-otherwise"]  # nobody kept anything
    kept = CreditWithheld(
        set_off_id=done.set_off_id,
        work_month=done.work_month,
        recovery_of=STREAM,
        recovery_month=done.work_month,
        economy=Kronor(amount=done.economy.amount),
    )
    credit = [*COMPENSATION.states["granted, March claimed"], kept]
    assert found(recovery, _2=credit).differences == []
    assert found(COMPENSATION.states["granted, set-off under way"], _2=credit).set_offs_under_way == 1


def test_an_order_is_the_sum_of_its_claims() -> None:
    events = COMPENSATION.states["granted, March ordered"]
    line = next(event for event in events if isinstance(event, ClaimOrdered))
    assert line.economy is not None
    total = OrderTotal(total=line.economy.amount)
    closed = CreditOrderClosed(closed_on=line.work_month, count=1, economy=total)
    number = f"_{line.order_id.int}"
    assert found(events, **{number: [closed]}).differences == []
    wrong = closed.model_copy(update={"count": 2, "economy": OrderTotal(total=line.economy.amount + ORE)})
    differences = found(events, **{number: [wrong]}).differences
    assert [(one.code, one.about) for one in differences] == [
        ("order-otherwise", "count"),
        ("order-otherwise", "total"),
    ]


def test_an_altered_budget_and_a_stranger_in_a_stream_are_named() -> None:
    events = list(BUDGET_MACHINE.states[max(BUDGET_MACHINE.states, key=lambda name: len(BUDGET_MACHINE.states[name]))])
    at = next(number for number, event in enumerate(events) if getattr(event, "posted", {}))
    event: Any = events[at]
    account = next(iter(event.posted))
    events[at] = event.model_copy(update={"posted": {**event.posted, account: event.posted[account] + ORE}})
    assert "entry-unbalanced" in {one.code for one in found(events).differences}
    strange = [*COMPENSATION.states["granted"], events[0]]
    assert [(one.code, one.version) for one in found(strange).differences] == [("unreadable", 4)]


def test_the_kronor_of_a_difference_are_told_only_when_asked_for() -> None:
    (first, *_) = found(altered("granted, March credited", ClaimCredited, more("credit"))).differences
    assert "21027.2" not in first.sentence(show_values=False)
    assert "21027.20 expected, 21027.21 told" in first.sentence(show_values=True)
