"""37 of 500, and what makes a file of national figures useless."""

from decimal import Decimal
from pathlib import Path

import pytest

from samverkan.backbone.errors import Refused
from samverkan.funding.national.figures import FiguresInvalid, compare, load_figures
from samverkan.schemas.participant import Programme

FIGURES = load_figures()
EXTRATJANST = Programme.EXTRATJANST


def test_timra_had_37_of_the_countrys_500() -> None:
    timra = compare(FIGURES, EXTRATJANST, "2262")
    assert (timra.of_municipality.persons, timra.of_country.persons, timra.percent) == (37, 500, Decimal("7.4"))
    assert compare(FIGURES, EXTRATJANST, "2262", "2016-10") == timra


@pytest.mark.parametrize(
    ("form", "code", "period"),
    [
        (EXTRATJANST, "2482", None),
        (EXTRATJANST, "2262", "2017-10"),
        (Programme.NYSTARTSJOBB, "2262", None),
        (EXTRATJANST, "00", None),
    ],
)
def test_a_figure_that_nobody_imported_is_refused(form: Programme, code: str, period: str | None) -> None:
    with pytest.RaisesExc(Refused, check=lambda refusal: refusal.code == "figure-unknown"):
        compare(FIGURES, form, code, period)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("extratjanst;2016-10;2262;Timrå;37", "line 4: 6 fields are needed, there are 5"),
        ("extrajobb;2016-10;2482;Skellefteå;3;x", "line 4: there is no form extrajobb"),
        ("extratjanst;2016-13;2482;Skellefteå;3;x", "line 4: the period must be"),
        ("extratjanst;2016-10;248;Skellefteå;3;x", "line 4: the municipality's code"),
        ("extratjanst;2016-10;2482;Skellefteå;-3;x", "line 4: persons must be"),
        ("extratjanst;2016-11;00;Riket;0;x", "line 4: persons must be"),
        ("extratjanst;2016-10;2482;Skellefteå;3;", "line 4: municipality and source"),
        ("extratjanst;2016-10;2262;Timrå;38;x", "line 4: a second figure"),
    ],
)
def test_a_file_with_a_wrong_line_is_not_used_and_the_line_is_named(tmp_path: Path, line: str, wrong: str) -> None:
    shipped = (Path(__file__).parent / "figures.csv").read_text("utf-8")
    file = tmp_path / "figures.csv"
    file.write_text(shipped, encoding="utf-8")
    assert load_figures(file) == FIGURES
    file.write_text(f"{shipped}{line}\n", encoding="utf-8")
    with pytest.raises(FiguresInvalid, match=wrong):
        load_figures(file)


def test_a_file_with_other_columns_is_not_used(tmp_path: Path) -> None:
    file = tmp_path / "figures.csv"
    file.write_text("form,period\n", encoding="utf-8")
    with pytest.raises(FiguresInvalid, match="line 1"):
        load_figures(file)
