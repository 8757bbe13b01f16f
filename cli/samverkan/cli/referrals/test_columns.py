"""Which column is which, and what a line says."""

import pytest

from samverkan.cli.referrals.columns import SWEDISH, ColumnsUnusable, Wrong, find_columns, referral
from samverkan.cli.rejects import Mistake

HEADER = ("Personnummer", "Namn", "Program", "Inkom", "Myndigheter", "Skäl", "Språk", "Behöver tolk")
GOOD = ("19880811-2380", "Testperson", "Introduktionsjobb", "2026-02-02", "kommun|Arbetsförmedlingen", "", "SV", "ja")


def changed(**cells: str) -> list[str]:
    places = dict(zip(HEADER, range(len(HEADER)), strict=True))
    line = list(GOOD)
    for title, cell in cells.items():
        line[places[title]] = cell
    return line


def codes(line: list[str]) -> list[str]:
    found = referral(find_columns(HEADER), line, "kommun")
    assert isinstance(found, list)
    return [mistake.code for mistake in found]


def test_swedish_names_and_words_become_fields_and_codes() -> None:
    assert referral(find_columns(HEADER), GOOD, "kommun") == {
        "person_number": "19880811-2380",
        "programme": "introduktionsjobb",
        "referred_by": "kommun",
        "agencies_needed": ["af", "kommun"],
        "received_on": "2026-02-02",
        "name": "Testperson",
        "contact": {"language": "sv", "needs_interpreter": True},
    }


def test_english_names_and_codes_do_as_well() -> None:
    columns = find_columns(("received_on", "PERSON NUMBER", "agencies-needed", "programme", "referred_by"))
    body = referral(columns, ("2026-02-02", "198808112380", "fk", "lonebidrag-trygghet", "af"), "kommun")
    assert isinstance(body, dict)
    assert (body["referred_by"], body["agencies_needed"]) == ("af", ["fk"])


def test_a_cell_that_is_not_there_is_an_empty_one() -> None:
    assert isinstance(referral(find_columns(HEADER), GOOD[:5], "kommun"), dict)
    assert codes(list(GOOD[:4])) == [Wrong.CELL_EMPTY]


@pytest.mark.parametrize(
    ("column", "cell", "wrong"),
    [
        ("Personnummer", "", Wrong.CELL_EMPTY),
        ("Personnummer", "1,98808E+11", Wrong.NUMBER_MANGLED),
        ("Program", "trollkarl", Wrong.PROGRAMME_UNKNOWN),
        ("Program", "unknown", Wrong.PROGRAMME_UNKNOWN),
        ("Inkom", "2 februari 2026", Wrong.DATE_FORMAT),
        ("Inkom", "2026-02-30", Wrong.DATE_FORMAT),
        ("Myndigheter", "kommun|skatteverket", Wrong.AGENCY_UNKNOWN),
        ("Språk", "svenska", Wrong.LANGUAGE_FORMAT),
    ],
)
def test_what_the_form_of_a_file_gets_wrong_is_found(column: str, cell: str, wrong: Wrong) -> None:
    assert codes(changed(**{column: cell})) == [wrong]


def test_everything_wrong_with_a_line_is_told_at_once_and_no_cell_is_repeated() -> None:
    line = [*changed(Personnummer="1,98808E+11", Inkom="igår", Program="trollkarl"), "överflödig"]
    found = referral(find_columns(HEADER), line, "kommun")
    assert isinstance(found, list)
    assert {one.code for one in found} == {"cells-too-many", "number-mangled", "programme-unknown", "date-format"}
    assert all(word not in one.reason for one in found for word in ("igår", "trollkarl", "1,98808E+11", "{"))


def test_every_mistake_has_its_swedish_reason() -> None:
    assert SWEDISH.keys() == set(Wrong)
    assert Mistake("a", "b").code == "a"


def test_a_header_that_does_not_do_is_told() -> None:
    with pytest.raises(ColumnsUnusable, match=r"agencies_needed \(myndigheter\)"):
        find_columns(("Personnummer", "Program", "Inkom"))
    with pytest.raises(ColumnsUnusable, match="Two columns are person_number"):
        find_columns((*HEADER, "pnr"))


def test_columns_that_are_not_known_are_named_and_those_of_a_reject_file_are_not() -> None:
    assert find_columns((*HEADER, "Handläggare", "avvisad_rad", "")).unused == ("Handläggare",)
