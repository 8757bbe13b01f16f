"""Events cite the block of an act that they rest on, as they were released; rules cite the section."""

import re

from samverkan.funding.conditions.load import load_conditions
from samverkan.schemas.catalogue import FUNDING

_WITHIN = re.compile(r"2018:42 §+ ?3[4-9]")  # what was paid too much
_BLOCK = "SFS 2018:42 §§34–39"


def test_recovery_cites_the_sections_as_a_block() -> None:
    within = [event for event in FUNDING.events if _WITHIN.search(event.legal_basis)]
    assert within
    assert {event.legal_basis for event in within} == {_BLOCK}


def test_conditions_of_that_block_cite_the_section_that_letters_cite() -> None:
    conditions = load_conditions()
    (law,) = [one for one in conditions.remedies if one.statute == "2018:42"]
    assert {one.source for one in conditions.set_offs} == {f"SFS 2018:42 §{law.set_off_section}"}
    assert {one.source for one in conditions.interest} == {f"SFS 2018:42 §{law.instalments_section}"}
