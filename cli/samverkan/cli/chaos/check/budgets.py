"""Does a commitment exceed its budget?

Summed here from the published events alone, without a line of funding's own: what is bound after each event may never
be more than the total in force.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

from samverkan.backbone.subscription.arrival import Arrival
from samverkan.cli.chaos.facts import Facts
from samverkan.cli.chaos.violation import Violation
from samverkan.schemas.budget import BudgetDrafted, CommitmentMade, CommitmentReleased, SharesLowered
from samverkan.schemas.catalogue import FUNDING
from samverkan.schemas.codec import decode
from samverkan.schemas.event import Event

_OF_BUDGETS = {kind.wire_type() for kind in (BudgetDrafted, CommitmentMade, CommitmentReleased, SharesLowered)}


def budgets_hold(facts: Facts) -> Iterator[Violation]:
    """Every version of every budget: bound is at most the total."""
    for stream_id, events in _budgets(facts).items():
        total = bound = Decimal(0)
        for arrival, event in events:
            match event:
                case BudgetDrafted() | SharesLowered():
                    total = event.total
                case CommitmentMade():
                    bound += event.amount
                case CommitmentReleased():
                    bound -= event.amount
            if bound > total:
                where = f"funding budget {stream_id} version {arrival.version}"
                yield Violation("J1", "overspent", where, f"at most {total}", f"{bound}", arrival.envelope.recorded_at)


def commitments_made(facts: Facts) -> int:
    """How many commitments there were to be too many."""
    return sum(isinstance(event, CommitmentMade) for events in _budgets(facts).values() for _, event in events)


def _budgets(facts: Facts) -> dict[UUID, list[tuple[Arrival, Event]]]:
    """The events that move money, by budget, in the order of their versions."""
    found: dict[UUID, list[tuple[Arrival, Event]]] = defaultdict(list)
    for arrival in sorted(facts.published.arrivals, key=lambda one: one.version):
        if arrival.topic == FUNDING.name and arrival.envelope.type in _OF_BUDGETS:
            found[arrival.stream_id].append((arrival, decode(arrival.envelope.type, arrival.value).event))
    return found
