"""A case told in the order in which it was applied here: what, when in the world, when recorded, when applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from samverkan.agency.sharing import sealed
from samverkan.backbone.recorded import Recorded
from samverkan.schemas.codec import without
from samverkan.schemas.event import COMPARTMENTS, Compartment


@dataclass(frozen=True)
class Entry:
    """One applied event. `content` is what this agency may show of it; `sealed` what of it is not shown.

    `time` is when it took effect in the world, `recorded_at` when its service learnt it, `applied_at` when it became
    visible here.
    """

    event_id: UUID
    event: str
    stream_id: UUID
    version: int
    service: str
    time: datetime
    recorded_at: datetime
    applied_at: datetime
    agency: str | None
    legal_basis: str | None
    content: Mapping[str, Any]
    sealed: Sequence[str]


def entry(recorded: Recorded, applied_at: datetime, shown: frozenset[Compartment]) -> Entry:
    """The event as it is shown with these compartments."""
    envelope, event = recorded.envelope, recorded.event
    carried = {one.value for one in COMPARTMENTS} & set(type(event).model_fields)
    return Entry(
        event_id=envelope.id,
        event=type(event).__name__,
        stream_id=envelope.stream_id,
        version=envelope.version,
        service=envelope.source.rpartition("/")[2],
        time=envelope.time,
        recorded_at=envelope.recorded_at,
        applied_at=applied_at,
        agency=envelope.agency,
        legal_basis=envelope.legal_basis,
        content=without(event, COMPARTMENTS - shown).model_dump(mode="json", exclude_none=True),
        sealed=[name for name in sealed(shown) if name in carried],
    )
