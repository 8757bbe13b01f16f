"""Settings of funding. Programme rules are data of the release, not of a place."""

from decimal import Decimal
from pathlib import Path

from pydantic import Field

from samverkan.backbone.settings import Settings
from samverkan.funding.national.figures import SHIPPED


class FundingSettings(Settings):
    """What every service needs, and what the municipality reckons."""

    overhead_per_month: Decimal = Field(default=Decimal(0), ge=0, le=1_000_000, decimal_places=2)
    """The municipality's own cost of supervision and administration for one placement, kronor a month. Shown beside
    what a placement will cost, and kept with the application; in no credit."""

    national_figures_file: Path = SHIPPED
    """A CSV of persons per form, month and municipality (`national/figures.csv` is the one that ships). Replace it to
    import newer figures; a line that cannot be read stops the start."""
