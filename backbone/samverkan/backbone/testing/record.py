"""Makes recorded events for tests: versions, ids and instants follow from what is told, never from chance."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from samverkan.backbone.recorded import Recorded
from samverkan.schemas.catalogue import Topic
from samverkan.schemas.envelope import Envelope, Requirement
from samverkan.schemas.event import Event

_RECORDED_AT = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)


def stream(
    topic: Topic,
    stream_id: UUID,
    *events: Event,
    case_id: UUID | None = None,
    requires: Sequence[Requirement] = (),
    since: int = 0,
) -> list[Recorded]:
    """The stream's events from version `since` + 1 on, a minute apart. The first of them carries `requires`."""
    recorded = []
    for version, event in enumerate(events, since + 1):
        instant = _RECORDED_AT + timedelta(minutes=version)
        envelope = Envelope(
            id=uuid5(stream_id, str(version)),
            source=topic.source,
            type=type(event).wire_type(),
            stream_id=stream_id,
            version=version,
            time=instant,
            recorded_at=instant,
            correlation_id=case_id or stream_id,
            log_index=version - 1,
            requires=tuple(requires) if version == since + 1 else (),
            legal_basis=type(event).legal_basis,
        )
        recorded.append(Recorded(topic.name, envelope, event))
    return recorded


def after(event: Recorded) -> Requirement:
    """What an event requires that must be applied after this one."""
    return Requirement(event.topic, event.stream_id, event.envelope.version)
