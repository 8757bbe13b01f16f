"""No hidden cell can be worked out: neither by solving what is published nor by who knows how cells are hidden."""

from collections import defaultdict
from fractions import Fraction
from itertools import product

from hypothesis import example, given, settings
from hypothesis import strategies as st

from samverkan.intake.statistics.small_cells import THRESHOLD, Counts, Shown, protect

NAMES = ("aid", "own", "study", "work")
tables = st.dictionaries(
    st.sampled_from(NAMES), st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=len(NAMES)
)


def truth(counts: Counts) -> dict[str, int]:
    """Every cell of the table and its totals."""
    cells = {"women": 0, "men": 0, "all": 0}
    for name, (women, men) in counts.items():
        for sex, number in (("women", women), ("men", men), ("all", women + men)):
            cells[f"{name}/{sex}"] = number
            cells[sex] += number
    return cells


def determined(counts: Counts, shown: Shown) -> set[str]:
    """The cells that follow from those shown by any linear combination of the table's sums (Gauss, exact)."""
    names = list(truth(counts))
    place = {name: number for number, name in enumerate(names)}
    rows: list[list[Fraction]] = []
    for parts, whole in [
        *(([f"{name}/women", f"{name}/men"], f"{name}/all") for name in counts),
        *(([f"{name}/{sex}" for name in counts], sex) for sex in ("women", "men", "all")),
        (["women", "men"], "all"),
    ]:
        row = [Fraction(0)] * len(names)
        for part in parts:
            row[place[part]] += 1
        row[place[whole]] -= 1
        rows.append(row)
    for name in shown.cells:
        row = [Fraction(0)] * len(names)
        row[place[name]] = Fraction(1)
        rows.append(row)
    found, at = [], 0
    for column in range(len(names)):
        pivot = next((number for number in range(at, len(rows)) if rows[number][column]), None)
        if pivot is None:
            continue
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [value / rows[at][column] for value in rows[at]]
        for number in range(len(rows)):
            if number != at and (factor := rows[number][column]):
                rows[number] = [value - factor * other for value, other in zip(rows[number], rows[at], strict=True)]
        found.append(column)
        at += 1
    return {names[column] for row, column in zip(rows, found, strict=False) if sum(map(bool, row)) == 1}


@settings(max_examples=400, deadline=None)
@given(tables)
@example({"aid": (5, 5), "own": (0, 0)})
@example({"aid": (20, 20), "own": (4, 4), "work": (20, 20)})
@example({"aid": (3, 30), "own": (1, 30)})
def test_what_is_hidden_does_not_follow_from_what_is_shown(counts: Counts) -> None:
    shown, cells = protect(counts), truth(counts)
    assert all(shown.cells[name] == cells[name] for name in shown.cells)
    assert all(number >= THRESHOLD for number in shown.cells.values())
    assert {*shown.cells, *shown.hidden} == set(cells)
    assert determined(counts, shown) == set(shown.cells)


@settings(max_examples=400, deadline=None)
@given(tables)
def test_what_is_hidden_together_is_no_small_group(counts: Counts) -> None:
    shown = protect(counts)
    for sex in ("women", "men", "all"):
        if sex in shown.cells:
            named = [name for name in shown.cells if name.endswith(f"/{sex}")]
            rest = shown.cells[sex] - sum(shown.cells[name] for name in named)
            assert len(named) == len(counts) or rest >= THRESHOLD
            assert len(counts) - len(named) != 1


def test_who_knows_how_cells_are_hidden_learns_none_of_them_either() -> None:
    """All tables of three categories with up to ten of each sex: whatever is published, tables that differ in each
    hidden cell lead to it. Totals without the sexes are looked at up to ten, where no table is left out."""
    columns = [one for one in product(range(11), repeat=3) if sum(one) <= 10]
    possible: defaultdict[tuple[tuple[str, int], ...], list[Counts]] = defaultdict(list)
    hidden: dict[tuple[tuple[str, int], ...], tuple[str, ...]] = {}
    for women, men in product(columns, columns):
        counts = dict(zip(NAMES, zip(women, men, strict=True), strict=False))
        shown = protect(counts)
        if shown.cells.get("all", 0) <= 10 or "women" in shown.cells:
            key = tuple(sorted(shown.cells.items()))
            possible[key].append(counts)
            hidden[key] = shown.hidden
    for key, tables in possible.items():
        found = [truth(counts) for counts in (tables[0], *tables[1::7], tables[-1])]
        assert all(len({cells[name] for cells in found}) > 1 for name in hidden[key]), key


def test_a_report_of_forty_shows_what_can_be_shown() -> None:
    shown = protect({"aid": (10, 9), "own": (6, 7), "study": (3, 5), "work": (0, 0)})
    assert shown.cells["aid/women"] == 10
    assert "study/men" in shown.hidden and "work/all" in shown.hidden
    assert "own/all" in shown.hidden, "three women hidden alone would be worked out"
    assert (shown.cells["women"], shown.cells["men"], shown.cells["all"]) == (19, 21, 40)


def test_few_of_one_sex_are_counted_with_the_other() -> None:
    assert protect({"aid": (2, 20), "own": (1, 9)}).cells == {"all": 32, "aid/all": 22, "own/all": 10}
    assert protect({"aid": (2, 1), "own": (1, 0)}).cells == {}
