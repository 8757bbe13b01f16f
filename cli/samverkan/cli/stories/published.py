"""Whether anything of a story was published meanwhile: reads the topics themselves, not what a service says."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from aiokafka import TopicPartition

from samverkan.backbone.subscription.consumer import TolerantConsumer
from samverkan.schemas.catalogue import TOPIC_BY_NAME

Place = tuple[str, int]

STILL_SECONDS: Final = 1.0  # twenty polls of a relay; what a command led to is on its topic long before
_DEADLINE_SECONDS: Final = 20.0


@dataclass(frozen=True)
class Published:
    """An event that was not to be there."""

    topic: str
    event: str


class Topics:
    """The ends of all event topics. An async context."""

    def __init__(self, bootstrap: str) -> None:
        # Without a group it is assigned every partition at once, and leaves no trace on the broker.
        self._consumer = TolerantConsumer(*TOPIC_BY_NAME, bootstrap_servers=bootstrap, enable_auto_commit=False)

    async def __aenter__(self) -> "Topics":
        await self._consumer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()

    async def ends(self) -> dict[Place, int]:
        """The next offset of every partition."""
        ends = await self._consumer.end_offsets(self._consumer.assignment())
        return {(place.topic, place.partition): offset for place, offset in ends.items()}

    async def still(self) -> dict[Place, int]:
        """The ends, once nothing has been published for a while; as they are when that never comes."""
        deadline = monotonic() + _DEADLINE_SECONDS
        before = await self.ends()
        while monotonic() < deadline:
            await asyncio.sleep(STILL_SECONDS)
            now = await self.ends()
            if now == before:
                break
            before = now
        return before

    async def since(self, before: Mapping[Place, int], ids: frozenset[str]) -> list[Published]:
        """What was published after these ends on a stream or in a conversation with one of these ids."""
        found: list[Published] = []
        for place, end in (await self.ends()).items():
            start = before.get(place, 0)
            if end > start:
                found += await self._between(TopicPartition(*place), start, end, ids)
        return found

    async def _between(self, place: TopicPartition, start: int, end: int, ids: frozenset[str]) -> list[Published]:
        self._consumer.seek(place, start)
        found: list[Published] = []
        while await self._consumer.position(place) < end:
            records = (await self._consumer.getmany(place, timeout_ms=1000)).get(place, ())
            found += [
                Published(place.topic, _header(record, "ce_type"))
                for record in records
                if record.offset < end and ids & {_text(record.key), _header(record, "ce_correlationid")}
            ]
        return found


def _header(record: Any, name: str) -> str:
    return next((_text(value) for key, value in record.headers if key == name), "")


def _text(value: bytes | None) -> str:
    return (value or b"").decode(errors="replace")
