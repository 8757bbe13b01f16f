"""What comes before the start, and how long it may last, by form of placement: data with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import LongerGround


@dataclass(frozen=True)
class Form:
    """Which steps come before the start. `union_source` and `decision_source` say why, or why not.

    `longest_months`: how long the form may last where no decision of funding bounds it; `longer_months` with a ground
    for more. `needs_certificate`: a named supervisor, who certifies what was done.
    """

    needs_union: bool
    needs_decision: bool
    has_wage: bool
    union_source: str = "SFS 2000:628 §9a"
    decision_source: str = "SFS 2018:42"
    needs_certificate: bool = False
    longest_months: int | None = None
    longer_months: Mapping[LongerGround, int] = field(default_factory=dict)

    def longest(self, ground: LongerGround | None) -> int | None:
        """Months in all; None where funding's decision says how long."""
        return self.longest_months if ground is None else self.longer_months.get(ground, self.longest_months)


_LONEBIDRAG: Final = Form(needs_union=True, needs_decision=True, has_wage=True, decision_source="SFS 2017:462")
STRICTEST: Final = Form(needs_union=True, needs_decision=True, has_wage=True)

FORMS: Final[Mapping[Programme, Form]] = {
    Programme.EXTRATJANST: Form(needs_union=True, needs_decision=True, has_wage=True),
    Programme.INTRODUKTIONSJOBB: Form(needs_union=True, needs_decision=True, has_wage=True),
    # Neither programme nor insats: nobody asks the union.
    Programme.NYSTARTSJOBB: Form(
        needs_union=False, needs_decision=True, has_wage=True, union_source="SFS 2018:43", decision_source="SFS 2018:43"
    ),
    Programme.LONEBIDRAG_UTVECKLING: _LONEBIDRAG,
    Programme.LONEBIDRAG_ANSTALLNING: _LONEBIDRAG,
    Programme.LONEBIDRAG_TRYGGHET: _LONEBIDRAG,
    # No wage cost, so nothing for funding to decide.
    Programme.ARBETSPRAKTIK: Form(
        needs_union=True,
        needs_decision=False,
        has_wage=False,
        decision_source="SFS 2000:634",
        needs_certificate=True,
        longest_months=6,
    ),
    Programme.ARBETSTRANING: Form(
        needs_union=True,
        needs_decision=False,
        has_wage=False,
        decision_source="SFS 2007:414 §10",
        needs_certificate=True,
        longest_months=6,
        longer_months={LongerGround.AFTER_450_DAYS: 12, LongerGround.REINFORCED: 12},
    ),
}
