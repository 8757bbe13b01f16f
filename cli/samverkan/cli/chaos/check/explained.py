"""Which streams may stand still: those that chaos itself forked, and what waits for them."""

from uuid import UUID

from samverkan.backbone.replay.snapshot import Columns
from samverkan.backbone.subscription.apply import FORK
from samverkan.cli.chaos.facts import Facts, Held


def may_stand_still(held: Held, facts: Facts) -> set[UUID]:
    """The streams that this store holds for a cause that chaos made."""
    forged = {forgery.stream_id for forgery in facts.causes.forged}
    found = {
        stream_id
        for stream_id, hold in held.snapshot.holds.items()
        if hold["reason"] == "parked" and hold["code"] == FORK and stream_id in forged
    }
    while True:
        waiting = {
            stream_id
            for stream_id, hold in held.snapshot.holds.items()
            if stream_id not in found and hold["reason"] == "requires" and _waits_for(found, stream_id, hold, facts)
        }
        if not waiting:
            return found
        found |= waiting


def _waits_for(stopped: set[UUID], stream_id: UUID, hold: Columns, facts: Facts) -> bool:
    event = facts.by_key.get((stream_id, hold["version"]))
    return event is not None and any(required.stream_id in stopped for required in event.envelope.requires)
