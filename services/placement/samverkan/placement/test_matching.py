from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from samverkan.placement.employer_eligibility import Finding
from samverkan.placement.matching import Match, Offered, Wanted, ranked

CASE, OTHER = UUID(int=1), UUID(int=2)
WANTED = Wanted(
    CASE,
    forms=("introduktionsjobb",),
    occupations=("5330",),
    abilities=("driving-licence",),
    municipalities=("2262",),
    extent_most=Decimal("0.75"),
    available_from=date(2026, 3, 2),
    needs=("quiet-room",),
)
OFFERED = Offered(
    UUID(int=10),
    forms=("introduktionsjobb", "arbetspraktik"),
    municipality="2262",
    occupation="5330",
    extent_least=Decimal("0.50"),
    available_from=date(2026, 3, 2),
    demands=("driving-licence",),
    offers=("quiet-room",),
)


def only(wanted: Wanted, offered: Offered) -> Match:
    (match,) = ranked(wanted, [offered])
    return match


def finding(match: Match, code: str) -> Finding:
    return next(one.finding for one in match.reasons if one.code == code)


def test_an_opening_that_meets_everything_says_so_criterion_by_criterion() -> None:
    match = only(WANTED, OFFERED)
    assert (match.not_met, match.wishes_met) == (0, 1)
    assert {one.code: one.finding.value for one in match.reasons if one.code != "carved"} == dict.fromkeys(
        ("form", "municipality", "extent", "available", "demands", "adaptations", "occupation"), "met"
    )
    assert match.reasons[0].sv == "Ja: formen stämmer."


def test_each_criterion_can_speak_against() -> None:
    against = {
        "form": replace(OFFERED, forms=("nystartsjobb",)),
        "municipality": replace(OFFERED, municipality="2281"),
        "extent": replace(OFFERED, extent_least=Decimal(1)),
        "available": replace(OFFERED, available_until=date(2026, 3, 1)),
        "demands": replace(OFFERED, demands=("driving-licence", "english")),
        "adaptations": replace(OFFERED, offers=()),
    }
    for code, offered in against.items():
        match = only(WANTED, offered)
        assert (finding(match, code), match.not_met) == (Finding.NOT_MET, 1), code


def test_what_is_not_shared_is_unknown_and_never_a_no() -> None:
    match = only(Wanted(CASE), OFFERED)
    assert match.not_met == 0
    assert {one.finding for one in match.reasons} == {Finding.UNKNOWN}


def test_needs_that_are_not_shared_leave_no_trace_in_the_ranking() -> None:
    noisy = replace(OFFERED, opening_id=UUID(int=11), offers=())
    without = replace(WANTED, needs=None)
    assert [one.not_met for one in ranked(without, [OFFERED, noisy])] == [0, 0]
    assert [one.not_met for one in ranked(WANTED, [OFFERED, noisy])] == [0, 1]


def test_tasks_cut_out_for_the_person_come_first_and_those_for_somebody_else_not_at_all() -> None:
    mine = replace(OFFERED, opening_id=UUID(int=12), carved_for=CASE)
    anothers = replace(OFFERED, opening_id=UUID(int=9), carved_for=OTHER)
    assert [one.opening_id for one in ranked(WANTED, [anothers, OFFERED, mine])] == [
        mine.opening_id,
        OFFERED.opening_id,
    ]


def test_a_wish_that_is_not_met_ranks_lower_but_speaks_against_nothing() -> None:
    other_work = replace(OFFERED, opening_id=UUID(int=1), occupation="9111")
    first, second = ranked(WANTED, [other_work, OFFERED])
    assert (first.opening_id, second.not_met, second.wishes_met) == (OFFERED.opening_id, 0, 0)


@given(st.permutations([replace(OFFERED, opening_id=UUID(int=n), municipality=str(2260 + n)) for n in range(1, 7)]))
def test_the_ranking_does_not_depend_on_the_order_of_the_openings(openings: list[Offered]) -> None:
    assert ranked(WANTED, openings) == ranked(WANTED, sorted(openings, key=lambda one: one.opening_id))
