"""Publishing a half-year of a programme: once, when it is over. Pure; the counts come with the command."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal, assert_never
from uuid import UUID, uuid5

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.intake.statistics.gain import GainOfMany
from samverkan.intake.statistics.half_year import HalfYear
from samverkan.intake.statistics.small_cells import THRESHOLD
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.statistics import StatisticsPublished, StatisticsReactionRefused

Event = StatisticsPublished | StatisticsReactionRefused
_STREAMS: Final = UUID("b1f0a1de-6d0b-5f4c-8f39-4f0e3a9d2c61")


@dataclass(frozen=True)
class PublishStatistics:
    """`cells` and `hidden` as half_yearly() gave them, with what was computed of the gain."""

    insats_id: UUID
    programme: str
    period: HalfYear
    cells: Mapping[str, int]
    hidden: tuple[str, ...]
    gain: GainOfMany
    value_sources: tuple[str, ...]
    published_on: date


@dataclass(frozen=True)
class Publication:
    """One half-year of a programme."""

    published: StatisticsPublished | None = None

    @property
    def state(self) -> Literal["none", "published"]:
        """Published or not."""
        return "none" if self.published is None else "published"


def publication_id(programme: str, period: HalfYear) -> UUID:
    """The stream: one for a programme and half-year, whichever insats asks: the same people are told of once."""
    return uuid5(_STREAMS, f"{programme}/{period.year}/{period.half}")


def decide(command: PublishStatistics, publication: Publication) -> Sequence[Event]:
    """Refused: `half-year-not-over`, `statistics-published`: a second version would tell, by its difference from the
    first, of the few who came between."""
    if publication.published is not None:
        if publication.published == _event(command):
            return []
        raise Refused("statistics-published", published_on=publication.published.published_on.isoformat())
    if command.published_on <= command.period.last_on:
        raise Refused("half-year-not-over", last_on=command.period.last_on.isoformat())
    return [_event(command)]


def evolve(publication: Publication, event: Event) -> Publication:
    """Fold one recorded event into the state; what has happened is never refused."""
    match event:
        case StatisticsPublished():
            return Publication(event)
        case StatisticsReactionRefused():
            return publication
        case _:
            assert_never(event)


def refusal(command: object, refused: Refused) -> StatisticsReactionRefused:
    """The outcome of a reaction that the rules refused."""
    return StatisticsReactionRefused(command=type(command).__name__, code=refused.code)


STATISTICS: Final = Aggregate("statistics", PARTICIPANT.name, Publication(), decide, evolve, refusal)


def _event(command: PublishStatistics) -> StatisticsPublished:
    gain = command.gain
    known = gain.total is not None
    by_payer: dict[str, Decimal] | None = dict(gain.by_payer) if known and gain.by_payer else None
    return StatisticsPublished(
        insats_id=command.insats_id,
        programme=command.programme,
        year=command.period.year,
        half=command.period.half,
        published_on=command.published_on,
        threshold=THRESHOLD,
        cells=dict(sorted(command.cells.items())),
        hidden=tuple(sorted(command.hidden)),
        saved_per_year=gain.total,
        saved_by_payer=by_payer,
        unvalued=gain.unvalued if known else (),
        value_sources=command.value_sources if known else (),
    )
