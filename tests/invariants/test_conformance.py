"""The conformance suite on our implementation, and on a naive one in memory: it must not be tied to ours."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from our_journal import our_journal
from our_store import our_store
from samverkan.backbone.testing.conformance.journal import Journal
from samverkan.backbone.testing.conformance.reading import ReadingConformance
from samverkan.backbone.testing.conformance.reference_journal import ReferenceJournal
from samverkan.backbone.testing.conformance.reference_store import ReferenceStore
from samverkan.backbone.testing.conformance.store import Store
from samverkan.backbone.testing.conformance.writing import WritingConformance
from world import World


class TestOurStore(ReadingConformance):
    """Our subscription on PostgreSQL."""

    @pytest.fixture(autouse=True)
    def _world(self, world: World) -> None:
        self.world = world

    def store(self, *, halts_above: int = 1_000_000) -> AbstractAsyncContextManager[Store]:
        return our_store(self.world, halts_above=halts_above)


class TestReferenceStore(ReadingConformance):
    """The model that the property tests compare ours with."""

    @asynccontextmanager
    async def store(self, *, halts_above: int = 1_000_000) -> AsyncIterator[Store]:
        yield ReferenceStore(halts_above=halts_above)


class TestOurJournal(WritingConformance):
    """Our journal and relay on PostgreSQL, with the suite's broker in the place of Kafka's client."""

    @pytest.fixture(autouse=True)
    def _world(self, world: World) -> None:
        self.world = world

    def journal(self) -> AbstractAsyncContextManager[Journal]:
        return our_journal(self.world)


class TestReferenceJournal(WritingConformance):
    """The naive one."""

    @asynccontextmanager
    async def journal(self) -> AsyncIterator[Journal]:
        yield ReferenceJournal()
