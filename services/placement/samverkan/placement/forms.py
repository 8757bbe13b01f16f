"""What an agreement must have before its start, by form of placement: data with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from samverkan.schemas.participant import Programme


@dataclass(frozen=True)
class Form:
    """Which steps come before the start. `union_source` and `decision_source` say why, or why not."""

    needs_union: bool
    needs_decision: bool
    has_wage: bool
    union_source: str = "SFS 2000:628 §9a"
    decision_source: str = "SFS 2018:42"


_LONEBIDRAG: Final = Form(needs_union=True, needs_decision=True, has_wage=True, decision_source="SFS 2017:462")

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
        needs_union=True, needs_decision=False, has_wage=False, decision_source="SFS 2000:634"
    ),
    Programme.ARBETSTRANING: Form(
        needs_union=True, needs_decision=False, has_wage=False, decision_source="SFS 2007:414 §10"
    ),
}
