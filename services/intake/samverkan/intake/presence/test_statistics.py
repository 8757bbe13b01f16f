"""Absence counted for a claim (domain.md section 4, rule 4)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samverkan.intake.presence.reasons import ReasonsInvalid, read_reasons, reasons
from samverkan.intake.presence.state import Day
from samverkan.intake.presence.statistics import statistics

MARCH_2, MARCH_31 = date(2026, 3, 2), date(2026, 3, 31)
WHOLE, HALF = Decimal("1.00"), Decimal("0.50")


def days(first_on: date, count: int, **missed: tuple[Decimal, str]) -> dict[date, Day]:
    """`count` working days from `first_on` on; `d3=(share, code)` for the third of them."""
    found, day = dict[date, Day](), first_on
    while len(found) < count:
        if day.isoweekday() < 6:
            share, code = missed.get(f"d{len(found) + 1}", (Decimal(0), ""))
            found[day] = Day(share, code or None)
        day += timedelta(days=1)
    return found


def sick(first: int, last: int) -> dict[str, tuple[Decimal, str]]:
    return {f"d{number}": (WHOLE, "sick") for number in range(first, last + 1)}


def lowers(told: dict[date, Day], first_on: date = MARCH_2, last_on: date = MARCH_31) -> Decimal | None:
    return statistics(told, first_on, last_on, reasons()).lowers_gross


def test_absence_is_counted_by_reason_and_by_share() -> None:
    told = days(MARCH_2, 10, d1=(WHOLE, "care-of-child"), d2=(HALF, "medical-visit"), d3=(HALF, "leave"))
    counted = statistics(told, MARCH_2, MARCH_31, reasons())
    assert (counted.expected_days, counted.absent_days) == (10, Decimal("2.00"))
    assert counted.absent_by_code == {"care-of-child": WHOLE, "leave": HALF, "medical-visit": HALF}
    assert counted.lowers_gross == Decimal("1.50"), "a medical visit does not lower the gross"


def test_sickness_lowers_the_gross_from_the_fifteenth_day_weekends_counted() -> None:
    # Sick from Monday 2 March: the 14th day is Sunday 15 March, so Monday the 16th is the first that counts.
    assert lowers(days(MARCH_2, 15, **sick(1, 10))) == 0
    assert lowers(days(MARCH_2, 15, **sick(1, 11))) == 1
    assert lowers(days(MARCH_2, 15, **sick(1, 15))) == 5


def test_a_relapse_within_five_days_goes_on_counting() -> None:
    # Sick 2–13 March (12 calendar days), at work on the 16th: the 17th and 18th are days 13 and 14, the 19th counts.
    assert lowers(days(MARCH_2, 20, **sick(1, 10), **sick(12, 13))) == 0
    assert lowers(days(MARCH_2, 20, **sick(1, 10), **sick(12, 14))) == 1
    # At work 16–18 March: the 19th is six days after the 13th, a new period.
    assert lowers(days(MARCH_2, 20, **sick(1, 10), **sick(14, 17))) == 0


def test_a_period_of_sickness_that_began_before_the_month_is_counted_from_its_beginning() -> None:
    told = days(date(2026, 2, 16), 15, **sick(1, 15))
    assert lowers(told) == 5, "16 February is day 1: all of 2–6 March lies after day 14"
    assert statistics(told, MARCH_2, MARCH_31, reasons()).expected_days == 5


@given(
    st.lists(
        st.tuples(st.decimals("0.25", "1", places=2), st.sampled_from(sorted(reasons().reason))) | st.none(),
        max_size=40,
    ),
    st.integers(0, 40),
)
def test_what_lowers_the_gross_is_never_more_than_what_was_missed_and_the_reasons_add_up(
    told: list[tuple[Decimal, str] | None], split: int
) -> None:
    every = days(MARCH_2, len(told), **{f"d{place}": one for place, one in enumerate(told, 1) if one is not None})
    first, last = MARCH_2, date(2026, 12, 31)
    whole = statistics(every, first, last, reasons())
    assert sum(whole.absent_by_code.values()) == whole.absent_days
    assert whole.lowers_gross is not None and 0 <= whole.lowers_gross <= whole.absent_days
    middle = first + timedelta(days=split)  # a period cut in two adds up, sickness across the cut included
    parts = statistics(every, first, middle, reasons()), statistics(every, middle + timedelta(days=1), last, reasons())
    assert sum(part.lowers_gross or 0 for part in parts) == whole.lowers_gross
    assert sum(part.expected_days for part in parts) == whole.expected_days == len(told)


def test_without_the_reason_nothing_is_guessed() -> None:
    told = {MARCH_2: Day(WHOLE, None)}
    counted = statistics(told, MARCH_2, MARCH_31, reasons())
    assert (counted.absent_days, counted.lowers_gross) == (WHOLE, None)
    assert counted.absent_by_code == {"unreadable": WHOLE}


def test_every_reason_has_a_source_and_words_in_both_languages() -> None:
    for reason in reasons().reason.values():
        assert reason.source and reason.sv and reason.en
    assert not reasons().reason["workplace-closed"].deviation


@pytest.mark.parametrize("code", ["medical-visit", "job-interview", "other-activity"])
def test_a_source_that_was_not_held_against_its_text_says_so(code: str) -> None:
    assert "not verified" in (reasons().reason[code].remark or "")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[reason", "reasons.toml: "),
        ("", "sick_pay"),
        ('[sick_pay]\ndays=14\nrelapse_days=5\nsource="x"\nremark="y"\n', "there is no reason"),
        ('[sick_pay]\ndays=14\nrelapse_days=5\nsource="x"\nremark="y"\n[[reason]]\ncode="a"\n', "0.sv"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(text: str, sentence: str) -> None:
    with pytest.raises(ReasonsInvalid) as refused:
        read_reasons(text)
    assert sentence in str(refused.value)
