"""HTTP of publishing: a programme's half-year, and what one participant's change saves."""

from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, StrictInt

from samverkan.backbone.http.body import Body, Code, Day, Kronor
from samverkan.backbone.http.call import LIMIT_MAX, Accepted, Command, Query
from samverkan.backbone.http.fields import Line
from samverkan.backbone.runtime import Queries
from samverkan.intake.case.follow_up import LivelihoodCode
from samverkan.intake.statistics.gain import UnitValue, gain_of, gain_of_many, load_unit_values
from samverkan.intake.statistics.half_year import HalfYear, half_yearly
from samverkan.intake.statistics.participation import EXIT, Participation
from samverkan.intake.statistics.publication import STATISTICS, PublishStatistics, publication_id
from samverkan.intake.statistics.views import ParticipationRow, Participations, participations
from samverkan.schemas.participant import Programme

VALUES_MAX: Final = 50


class UnitValueBody(Body):
    """What one payer pays in a year for who lives wholly on this, and where that is stated."""

    livelihood: LivelihoodCode
    payer: Code
    kronor_per_year: Kronor
    source: Line


class PublishBody(Body):
    """`unit_values` are added to those that statutes give."""

    insats_id: UUID
    programme: Programme
    year: Annotated[StrictInt, Field(ge=2003, le=2199)]
    half: Annotated[StrictInt, Field(ge=1, le=2)]
    published_on: Day
    unit_values: Annotated[list[UnitValueBody], Field(max_length=VALUES_MAX)] = []


class GainAnswer(BaseModel):
    """Kronor a year by payer, above zero where it pays less than before; `after` names the moment compared with."""

    programme: str
    after: str | None
    by_payer: dict[str, Decimal]
    total: Decimal
    unvalued: list[str]


def routes() -> APIRouter:
    """What needs the participations themselves."""
    router = APIRouter(tags=["statistics"])
    statutory = load_unit_values()

    @router.post("/statistics")
    async def publish(body: PublishBody, call: Command) -> Accepted:
        """Publish a programme's results of a half-year, small cells hidden, to the samordningsförbund and everybody."""
        period = HalfYear(body.year, body.half)
        values = (*statutory, *(UnitValue(**dict(value)) for value in body.unit_values))
        counted = [one async for one in _participations(call.queries) if one.programme == body.programme.value]
        table = half_yearly(counted, body.programme.value, period)
        command = PublishStatistics(
            insats_id=body.insats_id,
            programme=body.programme.value,
            period=period,
            cells=table.cells,
            hidden=table.hidden,
            gain=gain_of_many(_followed_up(counted, period), values),
            value_sources=tuple(f"{value.livelihood}: {value.source}" for value in values),
            published_on=body.published_on,
        )
        return await call.execute(STATISTICS, publication_id(body.programme.value, period), command, create=True)

    @router.get("/cases/{case_id}/savings")
    async def savings(case_id: UUID, call: Query) -> list[GainAnswer]:
        """What the change of this participant's livelihood saves public payers in a year; for the case's agencies."""
        row = await call.one(Participations, case_id)
        return [_answer(one, statutory) for one in participations(row)]

    return router


def _followed_up(counted: Sequence[Participation], period: HalfYear) -> list[Participation]:
    """Those whose exit was counted in the half-year: each adds to one publication."""
    return [one for one in counted if EXIT in one.moments and period.holds(one.moments[EXIT].counted_on)]


def _answer(one: Participation, values: Sequence[UnitValue]) -> GainAnswer:
    gain = gain_of(one, values)
    return GainAnswer(
        programme=one.programme,
        after=gain.after,
        by_payer=dict(gain.by_payer),
        total=gain.total,
        unvalued=list(gain.unvalued),
    )


async def _participations(queries: Queries) -> AsyncIterator[Participation]:
    after: UUID | None = None
    while page := await queries.select(Participations, after=after, limit=LIMIT_MAX):
        for row in page:
            assert isinstance(row, ParticipationRow)
            for one in participations(row):
                yield one
        after = page[-1].case_id
