"""States of own streams, folded from the journal."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

import asyncpg
from cachetools import LRUCache

from samverkan.backbone.database import Connection
from samverkan.backbone.decider import Aggregate
from samverkan.backbone.journal.journal import Journal, StreamHead

_CACHED_STREAMS: Final = 10_000  # a state is a few hundred bytes


class States:
    """States of own streams as folded from the journal, with a cache that the version makes safe.

    A cached state is used only at the version of the locked head; a state of a transaction that may yet roll back
    never enters (`remember` is called after the commit). In a database that was put back the same version may be of
    another history: then `forget` is called, and what was folded before never enters any more.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.generation = 0
        self._known: LRUCache[UUID, tuple[int, object]] = LRUCache(_CACHED_STREAMS)

    async def load(
        self,
        connection: Connection,
        wanted: Mapping[UUID, Aggregate[Any]],
        heads: Mapping[UUID, StreamHead],
        *,
        attempt: Callable[[Callable[[], Any]], Any] = lambda fold: fold(),
    ) -> dict[UUID, Any]:
        """The state of each wanted stream at its locked head. Refused `not-found`: it is a stream of another aggregate.

        `attempt` is given each stream's decoding and folding, and may return something else for one that raises.
        """
        states: dict[UUID, Any] = {}
        behind: dict[UUID, int] = {}
        for stream_id, aggregate in wanted.items():
            version, state = self._known.get(stream_id, (0, aggregate.initial))
            restored = version > heads[stream_id].version  # remembered from before a restore of the database
            if restored or type(state) is not type(aggregate.initial):  # or of another aggregate: folding will tell
                version, state = 0, aggregate.initial
            states[stream_id] = state
            if version < heads[stream_id].version:
                behind[stream_id] = version
        if behind:
            for stream_id, rows in (await self._journal.read_rows(connection, behind)).items():
                states[stream_id] = attempt(partial(self._fold, wanted[stream_id], rows, states[stream_id]))
        return states

    def _fold(self, aggregate: Aggregate[Any], rows: Sequence[asyncpg.Record], state: Any) -> Any:
        return aggregate.fold((self._journal.recorded(row).event for row in rows), state)

    def remember(self, stream_id: UUID, version: int, state: object, generation: int = 0) -> None:
        """Keep a state that is committed, by a transaction that began in this `generation`."""
        if generation == self.generation:
            self._known[stream_id] = (version, state)

    def forget(self) -> None:
        """The database is another one."""
        self.generation += 1
        self._known.clear()
