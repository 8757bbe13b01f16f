"""What an insats led to: its method for others to take over, and the figures of a half-year."""

from datetime import date
from decimal import Decimal
from typing import Final

from samverkan.schemas import budget, statistics
from samverkan.schemas.sample_chapters.step import INSATS, Step

RESULTS: Final = (
    Step(
        "insats",
        budget.InsatsMethodDescribed(
            aim="Arbete eller studier för unga som behöver stöd av flera myndigheter.",
            way_of_working="En mötesplats, gemensam bedömning var tredje månad, en plan.",
            staffing="Två från kommunen, en från AF, en från regionen på halvtid.",
            lessons="Arbetsgivare som är öppna för praktikanter söks upp innan de behövs.",
            described_on=date(2027, 12, 1),
        ),
        date(2029, 7, 4),
        "forbund",
    ),
    Step(
        "statistics",
        statistics.StatisticsPublished(
            insats_id=INSATS,
            programme="arbetsmarknadstorget",
            year=2027,
            half=1,
            published_on=date(2027, 7, 9),
            threshold=5,
            cells={"begun/all": 40, "begun/men": 18, "begun/women": 22, "persons/all": 34},
            hidden=("persons/men", "persons/women"),
            saved_per_year=Decimal("1905300.00"),
            saved_by_payer={"state": Decimal("1905300.00")},
            unvalued=("financial-aid",),
            value_sources=("activity-support: SFS 2017:819",),
        ),
        date(2029, 7, 4),
        "kommun",
    ),
    Step(
        "statistics",
        statistics.StatisticsReactionRefused(command="PublishStatistics", code="statistics-published"),
        date(2029, 7, 4),
    ),
)
