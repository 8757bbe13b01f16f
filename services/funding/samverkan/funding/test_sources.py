"""Sections of an act that nobody has read are not cited: the block that holds them is, and the rule says so."""

import re

from samverkan.funding.conditions.load import load_conditions
from samverkan.schemas.catalogue import FUNDING

_WITHIN = re.compile(r"2018:42 §+ ?3[4-9]")  # what was paid too much; the sections within were never read one by one
_BLOCK = "SFS 2018:42 §§34–39"


def test_recovery_cites_the_sections_as_a_block() -> None:
    within = [event for event in FUNDING.events if _WITHIN.search(event.legal_basis)]
    assert within
    assert {event.legal_basis for event in within} == {_BLOCK}


def test_conditions_of_that_block_say_that_their_section_is_not_verified() -> None:
    conditions = load_conditions()
    for version in (*conditions.set_offs, *conditions.interest):
        assert version.source == _BLOCK
        assert "not verified" in (version.remark or "")
