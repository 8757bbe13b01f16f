"""HTTP of national figures: a municipality beside the country."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter
from fastapi import Query as QueryParameter
from pydantic import BaseModel

from samverkan.backbone.http.call import Query
from samverkan.funding.national.figures import Figure, compare
from samverkan.schemas.participant import Programme


class NationalFigure(BaseModel):
    """`percent` of the country's persons, with one decimal."""

    form: Programme
    period: str
    municipality: str
    persons: int
    country: int
    percent: Decimal
    source: str
    source_country: str


def national_router(figures: Sequence[Figure]) -> APIRouter:
    """The endpoint of national figures."""
    router = APIRouter(tags=["national"])

    @router.get("/national-figures", responses={404: {"description": "No such figure was imported."}})
    async def national(
        _call: Query,
        form: Programme,
        municipality_code: Annotated[str, QueryParameter(pattern=r"^[0-9]{4}$")],
        period: Annotated[str | None, QueryParameter(pattern=r"^[0-9]{4}-[0-9]{2}$")] = None,
    ) -> NationalFigure:
        """How many of the country's persons with this support the municipality had, in a month or in the latest one."""
        found = compare(figures, form, municipality_code, period)
        return NationalFigure(
            form=form,
            period=found.of_municipality.period,
            municipality=found.of_municipality.municipality,
            persons=found.of_municipality.persons,
            country=found.of_country.persons,
            percent=found.percent,
            source=found.of_municipality.source,
            source_country=found.of_country.source,
        )

    return router
