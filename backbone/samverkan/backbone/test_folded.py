"""Folded rows answer as a store does."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.folded import FoldedQueries
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.testing.record import stream
from samverkan.backbone.view import View, replace
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.participant import PlacementNoted

AT = datetime(2026, 2, 2, 9, tzinfo=UTC)
ONE, OTHER = UUID(int=1), UUID(int=2)
NOTED = PlacementNoted(placement_id=UUID(int=9), state="started", noted_on=AT.date())


@dataclass(frozen=True)
class Row:
    stream_id: UUID
    events: int = 0


class Counted(View[Row]):
    table: ClassVar = "counted"
    row: ClassVar = Row

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        return [recorded.stream_id]

    def fold(self, row: Row, recorded: Recorded) -> Row:  # noqa: ARG002  the key says all
        return replace(row, events=row.events + 1)


async def test_rows_are_found_by_key_by_value_and_page_by_page() -> None:
    events = [*stream(PARTICIPANT, ONE, NOTED, NOTED), *stream(PARTICIPANT, OTHER, NOTED, case_id=ONE)]
    queries = FoldedQueries.of([Counted()], [(one, AT) for one in events])
    assert await queries.get(Counted, ONE) == Row(ONE, 2)
    assert await queries.get(Counted, UUID(int=3)) is None
    assert await queries.select(Counted, events=1) == [Row(OTHER, 1)]
    assert await queries.select(Counted, after=ONE) == [Row(OTHER, 1)]
    assert await queries.select(Counted, limit=1) == [Row(ONE, 2)]
    assert await queries.select(Counted, among={"stream_id": [OTHER, UUID(int=3)]}) == [Row(OTHER, 1)]
    assert await queries.count(Counted) == 2
    assert len(await queries.timeline(ONE)) == 3
