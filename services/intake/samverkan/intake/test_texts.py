from pathlib import Path

from samverkan.backbone.testing import refusals
from samverkan.intake.case.guards import REFUSALS
from samverkan.intake.eligibility import RULES


def test_every_refusal_has_its_texts_and_its_line_in_the_readme() -> None:
    by_criterion = {criterion.refusal: ("source",) for rule in RULES for criterion in rule.criteria}
    by_state = dict.fromkeys(REFUSALS.values(), ())
    refusals.check(Path(__file__).parent, more={**by_criterion, **by_state})
