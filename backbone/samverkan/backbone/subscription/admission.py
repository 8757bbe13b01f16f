"""Which events may be applied now, and in which order: the pure core of a subscription (S3, S5)."""

from collections import deque
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from samverkan.backbone.subscription.arrival import Arrival
from samverkan.backbone.subscription.readied import Failure
from samverkan.schemas.envelope import Requirement

Reason = Literal["hole", "requires", "parked"]


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a stream stands still, and at which version."""

    reason: Reason
    version: int
    code: str
    detail: str = ""
    requires: tuple[Requirement, ...] = ()


@dataclass
class Admitted:
    """What one round of admission led to: events in the order applied, and the streams that stand still."""

    applied: list[Arrival] = field(default_factory=list)
    holds: dict[UUID, Hold] = field(default_factory=dict)
    heads: dict[UUID, int] = field(default_factory=dict)
    complete: bool = True


def admit(
    queues: Mapping[UUID, Mapping[int, Arrival]],
    heads: Mapping[UUID, int],
    parked: Mapping[UUID, Hold],
    subscribed: Container[str],
    attempt: Callable[[Arrival], Failure | None],
    *,
    limit: int | None = None,
) -> Admitted:
    """Apply what may be applied, stream by stream in version order, until nothing more can.

    `queues`: per stream, its events that are not applied, by version. `heads`: the last applied version of every
    stream in a queue or in a `requires`; 0 or absent for none. A requirement on a topic outside `subscribed` is
    ignored. `attempt` applies one event or says why it cannot; then the stream is parked at that event, and later
    ones queue behind it. `limit` ends after so many events, with `complete` false and no holds.
    """
    result = Admitted(heads=dict(heads))
    stopped = dict(parked)
    waiting: dict[UUID, set[UUID]] = {}
    ready = deque(queues)
    while ready:
        stream_id = ready.popleft()
        queue = queues[stream_id]
        while stream_id not in stopped and (event := queue.get(result.heads.get(stream_id, 0) + 1)) is not None:
            requires = event.envelope.requires
            if requires and (unmet := missing(requires, result.heads, subscribed)):
                for requirement in unmet:
                    waiting.setdefault(requirement.stream_id, set()).add(stream_id)
                break
            if limit is not None and len(result.applied) == limit:
                result.complete = False
                return result
            failure = attempt(event)
            if failure is not None:
                stopped[stream_id] = Hold("parked", event.version, failure.code, failure.detail)
                break
            result.heads[stream_id] = event.version
            result.applied.append(event)
            ready.extend(waiting.pop(stream_id, ()))
    for stream_id, queue in queues.items():
        hold = stopped.get(stream_id) or _hold(queue, result.heads, stream_id, subscribed)
        if hold is not None:
            result.holds[stream_id] = hold
    return result


def missing(
    requires: Iterable[Requirement], heads: Mapping[UUID, int], subscribed: Container[str]
) -> tuple[Requirement, ...]:
    """The requirements that are not met yet, among the topics subscribed to."""
    return tuple(
        requirement
        for requirement in requires
        if requirement.topic in subscribed and heads.get(requirement.stream_id, 0) < requirement.version
    )


def _hold(
    queue: Mapping[int, Arrival], heads: Mapping[UUID, int], stream_id: UUID, subscribed: Container[str]
) -> Hold | None:
    following = heads.get(stream_id, 0) + 1
    event = queue.get(following)
    if event is not None:
        unmet = missing(event.envelope.requires, heads, subscribed)
        return Hold("requires", following, "requires-unmet", " ".join(map(str, unmet)), unmet)
    later = [version for version in queue if version > following]
    if not later:
        return None
    return Hold("hole", following, "version-missing", f"have {min(later)}")
