"""In which order the events of a store may be folded: those kept, and our own, merged (S7). Pure.

Kept events stand in the order of application, our own in that of the log. Both respect stream order, and an event may
require some of the other order: a decision what it rested on, another's event the one of ours that led to it.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal
from uuid import UUID

from samverkan.backbone.errors import Permanent
from samverkan.backbone.recorded import Recorded

Kind = Literal["kept", "own"]
KINDS: Final[tuple[Kind, Kind]] = ("kept", "own")


@dataclass(frozen=True, slots=True)
class Need:
    """An event of the other order, and its place there."""

    place: int
    stream_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Placed:
    """An event, its place in its own order, and what must come before it."""

    kind: Kind
    place: int
    recorded: Recorded
    needs: tuple[Need, ...] = ()


@dataclass
class Merge:
    """Where a merge stands.

    Each order is taken from as long as its next event's needs are met. Only when both wait for each other is a stream
    set aside: in a store that was never restored that does not happen, for the moment at which each event was applied
    or numbered orders them all. After a restore our own log stands in the order of the topic, and others' events in
    that of their second application.
    """

    taken: dict[Kind, int] = field(default_factory=lambda: {"kept": 0, "own": -1})
    ahead: dict[Kind, deque[Placed]] = field(default_factory=lambda: {"kept": deque(), "own": deque()})
    aside: dict[UUID, deque[Placed]] = field(default_factory=dict)

    def copy(self) -> "Merge":
        """To go on from here twice."""
        return Merge(
            dict(self.taken),
            {kind: deque(ahead) for kind, ahead in self.ahead.items()},
            {stream_id: deque(queue) for stream_id, queue in self.aside.items()},
        )

    def put(self, kind: Kind, events: Iterable[Placed]) -> None:
        """Add the next events of an order."""
        self.ahead[kind].extend(events)

    def take(self) -> Iterator[Recorded]:
        """The events that may be folded now, in order. What is left waits for more of the other order."""
        while True:
            moved = False
            for kind in KINDS:
                while (ahead := self.ahead[kind]) and (
                    ahead[0].recorded.stream_id in self.aside or self._met(ahead[0])
                ):
                    moved = True
                    yield from self._pass(ahead.popleft())
            if moved:
                continue
            if (stuck := self._stuck()) is None:
                return
            self.taken[stuck.kind] = stuck.place
            self.aside[stuck.recorded.stream_id] = deque([self.ahead[stuck.kind].popleft()])

    def _stuck(self) -> Placed | None:
        """The event that must be set aside for anything to move: one that waits for something set aside, or, when both
        orders wait for what stands behind the other's next event, our own."""
        heads = [self.ahead[kind][0] for kind in KINDS if self.ahead[kind]]
        for head in heads:
            if all(need.place <= self.taken[_other(head.kind)] for need in head.needs):
                return head
        return heads[1] if len(heads) == len(KINDS) else None

    def finish(self) -> None:
        """Permanent `rebuild-order`: something was left, though everything was put: two events require each other."""
        left = [*self.ahead["kept"], *self.ahead["own"], *(event for queue in self.aside.values() for event in queue)]
        if left:
            envelope = left[0].recorded.envelope
            raise Permanent(
                "rebuild-order", f"{len(left)} events wait, the first is {envelope.stream_id}@{envelope.version}"
            )

    def _pass(self, event: Placed) -> Iterator[Recorded]:
        """Take one event: folded, or put behind the earlier one of its stream that was set aside."""
        self.taken[event.kind] = event.place
        if (queue := self.aside.get(event.recorded.stream_id)) is not None:
            queue.append(event)
        else:
            yield event.recorded
        yield from self._wake()

    def _wake(self) -> Iterator[Recorded]:
        woken = True
        while woken and self.aside:
            woken = False
            for stream_id, queue in list(self.aside.items()):
                while queue and self._met(queue[0]):
                    woken = True
                    yield queue.popleft().recorded
                if not queue:
                    del self.aside[stream_id]

    def _met(self, event: Placed) -> bool:
        taken = self.taken[_other(event.kind)]
        return all(need.place <= taken and not self._is_aside(need) for need in event.needs)

    def _is_aside(self, need: Need) -> bool:
        queue = self.aside.get(need.stream_id)
        return queue is not None and need.version >= queue[0].recorded.envelope.version


def _other(kind: Kind) -> Kind:
    return "own" if kind == "kept" else "kept"
