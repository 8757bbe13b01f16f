"""The terms that an employer applies with, and what makes them impossible. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from samverkan.backbone.errors import Refused
from samverkan.funding.form_facts import NO_FACTS, FormFacts
from samverkan.schemas.funding import Basis
from samverkan.schemas.participant import Programme

FIRST_YEAR: Final = 2015  # the oldest rule of domain.md section 4
LAST_YEAR: Final = 2099  # a date beyond is a slip of the pen, and month arithmetic must not reach the year 10 000
YOUNGEST, OLDEST = 15, 100


@dataclass(frozen=True)
class Terms:
    """What amounts depend on. Kronor a month at the agreed extent (1 = full time).

    `pay_months_later` is 0 when the work month's pay is given out in the same month, 1 when in the next. `facts` are
    those that only some forms ask for.
    """

    form: Programme
    starts_on: date
    ends_on: date
    extent: Decimal
    gross_per_month: Decimal
    birth_year: int
    pay_months_later: int = 0
    facts: FormFacts = NO_FACTS

    @property
    def basis(self) -> Basis:
        """What an application records of them, under seal."""
        return Basis(gross_per_month=self.gross_per_month, birth_year=self.birth_year, **vars(self.facts))


def check_terms(terms: Terms) -> None:
    """An extent has at most four decimals.

    Refused: `period-invalid`, `extent-invalid`, `gross-invalid`, `birth-year-invalid`, `pay-month-invalid`.
    """
    if not (
        terms.starts_on.year >= FIRST_YEAR and terms.starts_on <= terms.ends_on and terms.ends_on.year <= LAST_YEAR
    ):
        raise Refused("period-invalid")
    check_extent(terms.extent)
    check_gross(terms.gross_per_month)
    if not YOUNGEST <= terms.starts_on.year - terms.birth_year <= OLDEST:
        raise Refused("birth-year-invalid")
    if terms.pay_months_later not in (0, 1):
        raise Refused("pay-month-invalid")


def check_extent(extent: Decimal) -> None:
    """Refused `extent-invalid`: not a share of full time, or finer than four decimals."""
    if not (extent.is_finite() and 0 < extent <= 1 and extent == round(extent, 4)):
        raise Refused("extent-invalid")


def check_gross(gross: Decimal) -> None:
    """Refused `gross-invalid`: negative, absurd, or finer than the öre."""
    if not (gross.is_finite() and 0 <= gross < 1_000_000 and gross == round(gross, 2)):
        raise Refused("gross-invalid")
