"""The checker's own sum of a budget: silent within it, and an öre too much is said with its version."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import cast
from uuid import UUID

from samverkan.backbone.subscription.arrival import Arrival
from samverkan.backbone.testing.record import stream
from samverkan.cli.chaos.check.budgets import budgets_hold, commitments_made
from samverkan.cli.chaos.facts import Facts
from samverkan.schemas.budget import BudgetDrafted, CommitmentMade, CommitmentReleased, SharesLowered
from samverkan.schemas.catalogue import FUNDING
from samverkan.schemas.codec import encode
from samverkan.schemas.event import Event

BUDGET, INSATS = UUID(int=1), UUID(int=2)
DAY = date(2026, 2, 2)
DRAFTED = BudgetDrafted(
    association="chaos",
    year=2026,
    total=Decimal("100.00"),
    insurance="202100-5521",
    region="232100-0222",
    municipal_split={},
    shares={},
    prepared_by="a",
    drafted_on=DAY,
)


def made(number: int, amount: str) -> CommitmentMade:
    return CommitmentMade(
        commitment_id=UUID(int=number),
        insats_id=INSATS,
        amount=Decimal(amount),
        participants=1,
        per_participant=Decimal(amount),
        prepared_by="a",
        attested_by="b",
        decided_on=DAY,
        posted={},
    )


def released(number: int, amount: str) -> CommitmentReleased:
    return CommitmentReleased(
        commitment_id=UUID(int=number),
        amount=Decimal(amount),
        prepared_by="a",
        attested_by="b",
        released_on=DAY,
        posted={},
    )


def lowered(total: str) -> SharesLowered:
    return SharesLowered(
        member="m", total=Decimal(total), shares={}, prepared_by="a", attested_by="b", lowered_on=DAY, posted={}
    )


def facts(*events: Event) -> Facts:
    arrivals = [
        Arrival(
            FUNDING.name, 0, number, BUDGET, one.envelope.version, number, one.envelope, b"", b"", encode(one.event)
        )
        for number, one in enumerate(stream(FUNDING, BUDGET, *events))
    ]
    return cast("Facts", SimpleNamespace(published=SimpleNamespace(arrivals=arrivals[::-1])))


def overspent(*events: Event) -> Sequence[str]:
    return [str(violation) for violation in budgets_hold(facts(*events))]


def test_all_of_a_budget_may_be_bound_and_bound_again_when_it_is_given_back() -> None:
    events = (DRAFTED, made(3, "60.00"), made(4, "40.00"), released(4, "40.00"), made(5, "40.00"))
    assert overspent(*events) == []
    assert commitments_made(facts(*events)) == 3


def test_an_ore_too_much_is_said_with_its_version() -> None:
    (said,) = overspent(DRAFTED, made(3, "60.00"), made(4, "40.01"))
    assert said == f"J1 overspent: funding budget {BUDGET} version 3: expected at most 100.00, found 100.01"


def test_a_total_that_sinks_below_what_is_bound_is_said() -> None:
    assert len(overspent(DRAFTED, made(3, "60.00"), lowered("59.99"))) == 1
