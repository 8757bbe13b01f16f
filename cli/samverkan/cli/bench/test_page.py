"""The page's tables are those of the JSON beside it: nobody can change one and forget the other."""

from pathlib import Path

import pytest

from samverkan.cli.bench.figures import Contender, Figures, Growth, Latency, PartFigures, Rate, Speed, Start, Steady
from samverkan.cli.bench.page import PAGE, with_tables
from samverkan.cli.bench.report import as_json, as_markdown


def _figures(per_second: float) -> Figures:
    ours = Contender("samverkan", "what we do", 1000, (Speed(per_second, 30.0),))
    floor = Contender("floor", "what anybody does", 1000, (Speed(4 * per_second, 3.0),))
    tenths = tuple(Speed(per_second, 30.0) for _ in range(10))
    part = PartFigures(
        "relay",
        rates=(Rate("relay, 1,000 streams", 700, (ours, floor)),),
        latencies=(Latency("100 commands/s", "append", "a command", 1.0, 2.0, 3.0, 100),),
        steadies=(Steady(500.0, 499.0, 30.0, (1, 2, 3), True, 5, 15_000, 0.5),),
        growths=(Growth("relay", 1_000_000, tenths, 0.0, 1.0),),
        starts=(Start("intake", (1.0,), (1.5,), 60.0, 0.03),),
        notes=("something to know",),
    )
    return Figures({"processor": "of a test"}, (part,))


def test_the_committed_page_says_what_the_committed_json_says() -> None:
    page = PAGE.read_text()
    assert with_tables(page, PAGE.parent) == page, "python -m samverkan.cli.bench.page writes it anew"


def test_another_figure_makes_another_page(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    place = "<!-- figures of a.json, written by the page -->\nold\n<!-- end of figures -->\n"
    file.write_text(as_json(_figures(1000.0)))
    first = with_tables(place, tmp_path)
    assert "old" not in first and as_markdown(_figures(1000.0)) in first
    assert with_tables(first, tmp_path) == first
    file.write_text(as_json(_figures(1001.0)))
    assert with_tables(first, tmp_path) != first


def test_figures_of_another_folder_come_with_its_drawings(tmp_path: Path) -> None:
    (tmp_path / "growth").mkdir()
    (tmp_path / "growth" / "a.json").write_text(as_json(_figures(1000.0)))
    (tmp_path / "growth" / "rates.svg").touch()
    page = with_tables("<!-- figures of growth/a.json, x -->\n<!-- end of figures -->\n", tmp_path)
    assert "![rates](growth/rates.svg)" in page


def test_a_page_without_a_place_for_figures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no place for figures"):
        with_tables("# Performance\n", tmp_path)


def test_figures_of_a_laden_machine_say_so_first() -> None:
    def shown(before: str, after: float) -> str:
        part = PartFigures("relay", load_after=after)
        return as_markdown(Figures({"cores": "2", "load_before": before}, (part,)))

    assert shown("3.1", 4.0).startswith("**Others were at work on this machine** (load 3.1 before, at most 4.0, on 2")
    assert shown("0.4", 25.0).startswith("**Others were at work")
    assert "Others" not in shown("0.4", 6.0)


def test_every_kind_of_figure_is_shown() -> None:
    shown = as_markdown(_figures(1000.0))
    for row in (
        "| **relay, 1,000 streams** | 1,000 | 0% |  | 30 | 0 | 0 | 1,000 | 700 |",
        "| floor | 4,000 | 0% | 0.25 | 3 | 0 | 0 | 1,000 |  |",
        "| 100 commands/s: append (a command) | 1.0 | 2.0 | 3.0 | 100 |",
        "| 500 a second for 30 s | 499 | 3 | 0.5 | yes | 5 |",
        "| relay, 1,000,000 events | 1,000 | 1,000 | 1,000 | 1.00 | 30 + 0 → 30 + 0 |",
        "| intake | 1.0 | 1.5 | 60 | 3.0% |",
        "- relay, floor: what anybody does",
        "- something to know",
        "- processor: of a test",
    ):
        assert row in shown.splitlines()
