"""Anonymous results of an insats (topic samverkan.participant, published by intake: it alone may see whose they are).

Everything is open, for nothing tells of a person: small cells are hidden such that none can be worked out.
"""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.schemas.event import Effective, Event, Many, Open


class StatisticsPublished(Event):
    """An insats' results of a half-year (`half` 1 or 2). Published once; what becomes known later is in a later one.

    `cells` are counts by name; `hidden` names those that are not shown. `begun/<sex>` counts participations that began,
    `persons/<sex>` the persons behind them, `<moment>/<sex>` those followed up at exit, six-months or twelve-months,
    `<livelihood or occupation>/<moment>/<before or after>/<group>/<sex>` how they lived then; sex is women, men or all.
    `saved_per_year` is what the change of livelihood saves public payers in a year, kronor, and `saved_by_payer` whom,
    both with the unit values named in `value_sources`; absent where too few changed. `unvalued` livelihoods changed
    and have no stated value.
    """

    legal_basis: ClassVar = "SFS 2003:1210 §7"
    about_case: ClassVar = False
    insats_id: Open[UUID]
    programme: Open[str]
    year: Open[int]
    half: Open[int]
    published_on: Effective[date]
    threshold: Open[int]
    cells: Open[dict[str, int]]
    hidden: Open[Many[str]]
    saved_per_year: Open[Decimal | None] = None
    saved_by_payer: Open[dict[str, Decimal] | None] = None
    unvalued: Open[Many[str]] = ()
    value_sources: Open[Many[str]] = ()


class StatisticsReactionRefused(Event):
    """What another service's event asked of the statistics was refused by its rules: an outcome, not a failure."""

    legal_basis: ClassVar = "SFS 2003:1210 §7"
    about_case: ClassVar = False
    command: Open[str]
    code: Open[str]
