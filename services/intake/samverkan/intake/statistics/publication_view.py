"""What has been published of many. A pure fold of intake's own events."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View
from samverkan.schemas.statistics import StatisticsPublished


@dataclass(frozen=True)
class PublicationRow:
    """What was published of a programme's half-year; see StatisticsPublished."""

    publication_id: UUID
    insats_id: UUID | None = None
    programme: str | None = None
    year: int | None = None
    half: int | None = None
    published_on: date | None = None
    threshold: int | None = None
    cells: Mapping[str, int] | None = None
    hidden: tuple[str, ...] = ()
    saved_per_year: Decimal | None = None
    saved_by_payer: Mapping[str, str] | None = None
    unvalued: tuple[str, ...] = ()
    value_sources: tuple[str, ...] = ()


class Publications(View[PublicationRow]):
    """One row per programme and half-year."""

    table: ClassVar = "statistics_publication"
    row: ClassVar = PublicationRow
    events: ClassVar = (StatisticsPublished,)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """The publication itself."""
        return [recorded.stream_id]

    def fold(self, row: PublicationRow, recorded: Recorded) -> PublicationRow:
        """Take over what the event says."""
        told = recorded.event
        assert isinstance(told, StatisticsPublished)
        by_payer = told.saved_by_payer
        return PublicationRow(
            row.publication_id,
            insats_id=told.insats_id,
            programme=told.programme,
            year=told.year,
            half=told.half,
            published_on=told.published_on,
            threshold=told.threshold,
            cells=told.cells,
            hidden=told.hidden,
            saved_per_year=told.saved_per_year,
            saved_by_payer=None if by_payer is None else {payer: str(amount) for payer, amount in by_payer.items()},
            unvalued=told.unvalued,
            value_sources=told.value_sources,
        )
