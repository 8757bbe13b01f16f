"""README.md's table says what is so: which tests name an invariant, and which planted bug they see."""

import re
from pathlib import Path

import pytest
from bugs import BUGS

from invariants import INVARIANTS

FOLDER = Path(__file__).parent
CONFORMANCE = FOLDER.parents[1] / "backbone" / "samverkan" / "backbone" / "testing" / "conformance"
TESTS = re.compile(r"def (test_\w+)\(")
ROW = re.compile(r"^\| ([JRWS][0-9]) \| .* \| ([0-9]+) \| (.*) \|$", re.MULTILINE)


def naming(invariant: str) -> set[str]:
    """The tests whose names begin with the invariant, alone or among others."""
    files = [*FOLDER.glob("test_*.py"), *CONFORMANCE.glob("*.py")]
    names = {name for file in files for name in TESTS.findall(file.read_text())}
    return {name for name in names if invariant.lower() in re.findall(r"[jrws][0-9](?=_)", _head(name))}


def _head(name: str) -> str:
    match = re.match(r"test_((?:[jrws][0-9]?_)*)", name)
    return match[1] if match else ""


@pytest.mark.parametrize("invariant", INVARIANTS)
def test_the_table_names_every_invariant_with_its_tests_and_its_planted_bugs(invariant: str) -> None:
    rows = {name: (int(number), bugs) for name, number, bugs in ROW.findall((FOLDER / "README.md").read_text())}
    number, bugs = rows[invariant]
    tests = naming(invariant)
    assert tests, "nothing proves it"
    assert number <= len(tests), f"{invariant}: the table speaks of tests that are no more"
    assert bugs == "; ".join(bug.name for bug in BUGS if bug.invariant == invariant)


def test_every_test_that_is_named_as_catching_a_bug_carries_its_invariant() -> None:
    for bug in BUGS:
        assert bug.caught_by.rpartition(".")[2] in naming(bug.invariant), bug.name
