"""The conformance suite on our implementation, and on a naive one in memory: it must not be tied to ours."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from our_store import our_store
from samverkan.backbone.testing.conformance.reading import ReadingConformance
from samverkan.backbone.testing.conformance.reference_store import ReferenceStore
from samverkan.backbone.testing.conformance.store import Store
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
