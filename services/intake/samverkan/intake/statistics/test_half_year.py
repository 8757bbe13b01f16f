"""The half-yearly report and the gain: forty participations of thirty-four persons, and nobody to be found in it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from samverkan.backbone.testing.specification import specification
from samverkan.intake.statistics.examples import AUTUMN, FORTY, PROGRAMME, PUBLISH, SPRING, participation
from samverkan.intake.statistics.gain import UnitValue, gain_of, gain_of_many, load_unit_values
from samverkan.intake.statistics.half_year import HalfYear, half_yearly
from samverkan.intake.statistics.participation import group_names, main_group
from samverkan.intake.statistics.publication import Publication, decide, evolve, publication_id
from samverkan.intake.statistics.small_cells import THRESHOLD

VALUES = load_unit_values()
given_events = specification(decide, evolve, Publication())


def test_forty_participations_are_thirty_four_persons() -> None:
    cells = half_yearly(FORTY, PROGRAMME, SPRING).cells
    assert (cells["begun/all"], cells["begun/women"], cells["begun/men"]) == (40, 21, 19)
    assert cells["persons/all"] == 34
    assert "persons/women" not in cells, "four women and two men came back: too few to be told apart"


def test_how_they_lived_before_and_after_is_told_of_the_same_participations() -> None:
    table = half_yearly(FORTY, PROGRAMME, AUTUMN)
    assert (table.cells["exit/women"], table.cells["exit/men"], table.cells["exit/all"]) == (17, 17, 34)
    assert table.cells["livelihood/exit/before/unemployment/women"] == 10
    assert table.cells["livelihood/exit/after/no-public-support/all"] == 20
    assert table.cells["occupation/exit/after/work/men"] == 10
    assert "livelihood/exit/before/sickness-and-rehabilitation/all" in table.hidden
    assert not any(name.startswith("begun") for name in table.cells), "none began in autumn"


def test_each_half_year_counts_what_became_known_in_it() -> None:
    assert half_yearly(FORTY, PROGRAMME, HalfYear(2025, 2)).cells == {}
    assert half_yearly(FORTY, "arbetspraktik", SPRING).cells == {}
    assert (SPRING.last_on, AUTUMN.first_on) == (date(2026, 6, 30), date(2026, 7, 1))


people = st.lists(
    st.builds(
        participation,
        st.integers(0, 60),
        st.sampled_from(["financial-aid", "activity-support", "student-aid", "sickness-benefit"]),
        st.one_of(st.none(), st.sampled_from(["no-public-support", "financial-aid", "activity-support"])),
    ),
    max_size=80,
)


@settings(max_examples=150, deadline=None)
@given(people)
def test_no_published_cell_and_no_difference_between_two_is_small(participations: list) -> None:  # type: ignore[type-arg]
    for period in (SPRING, AUTUMN):
        table = half_yearly(participations, PROGRAMME, period)
        assert not table.cells.keys() & set(table.hidden)
        assert all(number >= THRESHOLD for number in table.cells.values())
        for sex in ("women", "men", "all"):
            if f"persons/{sex}" in table.cells:
                came_back = table.cells[f"begun/{sex}"] - table.cells[f"persons/{sex}"]
                assert came_back == 0 or came_back >= THRESHOLD
        for kind in ("livelihood", "occupation"):
            for when in ("before", "after"):
                for sex in ("women", "men", "all"):
                    prefix = f"{kind}/exit/{when}"
                    shown = [
                        table.cells[f"{prefix}/{group}/{sex}"]
                        for group in group_names(kind)
                        if f"{prefix}/{group}/{sex}" in table.cells
                    ]
                    if shown and len(shown) < len(group_names(kind)):
                        assert table.cells[f"exit/{sex}"] - sum(shown) >= THRESHOLD


def test_the_largest_share_is_the_main_one() -> None:
    assert main_group("livelihood", {"financial-aid": 40, "activity-support": 30, "unemployment-insurance": 30}) == (
        "unemployment"
    )
    assert main_group("livelihood", {}) == "unstated"
    assert main_group("livelihood", {"unstated": 100}) == "unstated"


def test_what_a_participant_saves_is_what_its_livelihood_cost() -> None:
    to_work = gain_of(participation(0, "activity-support", "no-public-support"), VALUES)
    assert (to_work.by_payer, to_work.total, to_work.after) == (
        {"state": Decimal("95265.00")},
        Decimal("95265.00"),
        "exit",
    )
    dearer = gain_of(participation(0, "no-public-support", "activity-support"), VALUES)
    assert dearer.total == Decimal("-95265.00")
    assert gain_of(participation(0, "activity-support"), VALUES).after is None


def test_a_value_that_nobody_has_stated_is_named_and_not_guessed() -> None:
    from_aid = participation(0, "financial-aid", "no-public-support")
    assert gain_of(from_aid, VALUES).unvalued == ("financial-aid",)
    stated = UnitValue("financial-aid", "municipality", Decimal("120000.00"), "Skellefteå kommun, budget 2026")
    assert gain_of(from_aid, (*VALUES, stated)).by_payer == {"municipality": Decimal("120000.00")}


def test_the_sum_is_told_where_enough_have_changed() -> None:
    many = gain_of_many(FORTY, VALUES)
    assert (many.total, dict(many.by_payer)) == (20 * Decimal("95265.00"), {"state": 20 * Decimal("95265.00")})
    assert gain_of_many(FORTY[:4], VALUES).total is None
    few_of_another = (*FORTY, *(participation(50 + n, "establishment-benefit", "no-public-support") for n in range(4)))
    by_two = [replace(value, payer=value.livelihood) for value in VALUES]
    assert gain_of_many(few_of_another, by_two).total is not None
    assert gain_of_many(few_of_another, by_two).by_payer == {}, "four would be worked out from the total"


def test_a_change_that_saves_nothing_is_no_change() -> None:
    two = [UnitValue(code, "municipality", Decimal("120000.00"), "a budget") for code in ("financial-aid", "other")]
    moved = [participation(n, "financial-aid", "other") for n in range(THRESHOLD)]
    assert gain_of_many(moved, two).total is None
    many = gain_of_many((*FORTY, *moved), (*VALUES, *two))
    assert (many.total, many.by_payer) == (20 * Decimal("95265.00"), {}), "nobody changed what the municipality pays"


def test_a_gain_is_rounded_half_up() -> None:
    value = UnitValue("activity-support", "state", Decimal("100.50"), "an example")
    before, after = (participation(0, "activity-support", "no-public-support").moments[at] for at in ("entry", "exit"))
    twentieth = replace(before, livelihood={"activity-support": 5})
    changed = replace(participation(0), moments={"entry": twentieth, "exit": after})
    assert gain_of(changed, [value]).total == Decimal("5.03")


def test_a_half_year_is_published_once_when_it_is_over() -> None:
    (published,) = decide(PUBLISH, Publication())
    given_events(published).when(PUBLISH).then_nothing()
    given_events(published).when(replace(PUBLISH, cells={"begun/all": 41})).then_refused("statistics-published")
    given_events().when(replace(PUBLISH, published_on=date(2026, 6, 30))).then_refused("half-year-not-over")
    assert publication_id(PROGRAMME, SPRING) != publication_id(PROGRAMME, AUTUMN)
