"""Time used: calendar days across employers, an overlap once, against the longest time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samverkan.backbone.errors import Refused
from samverkan.funding.limits import Limits
from samverkan.funding.rules.load import load_rulebook
from samverkan.funding.rules.subsidies import SubsidyRule
from samverkan.funding.time_used import Period, Support, refuse_beyond, time_used
from samverkan.schemas.participant import Programme

RULES = load_rulebook()
JOBB = Programme.INTRODUKTIONSJOBB
RULE = RULES.subsidy(JOBB, date(2026, 2, 20))
TWO_YEARS = Limits(12, 24)
TIMRA = "2120002395"


def period(first_on: str, last_on: str) -> Period:
    return Period(date.fromisoformat(first_on), date.fromisoformat(last_on))


FIRST = period("2026-03-02", "2027-03-01")  # twelve months
SECOND = period("2027-03-02", "2028-03-01")  # and twelve more, 2028 a leap year


def allowed(
    asked: Period,
    *earlier: Period,
    rule: SubsidyRule = RULE,
    limits: Limits = TWO_YEARS,
    form: Programme = JOBB,
    motivated: bool = True,
) -> None:
    supports = [Support(JOBB, each, "2120002643") for each in earlier]
    refuse_beyond(rule, limits, form, asked, supports, employer=TIMRA, need_is_motivated=motivated)


def refused(code: str, asked: Period, *earlier: Period, motivated: bool = True) -> Refused:
    with pytest.raises(Refused) as raised:
        allowed(asked, *earlier, motivated=motivated)
    assert raised.value.code == code
    return raised.value


def test_twice_twelve_months_are_24_and_a_day_more_is_too_much() -> None:
    allowed(FIRST)
    allowed(SECOND, FIRST)
    refusal = refused("longest-time-used", period("2028-03-02", "2028-03-02"), FIRST, SECOND)
    assert refusal.details["left"] == "0"
    refusal = refused("longest-time-used", Period(SECOND.first_on, SECOND.last_on + timedelta(days=1)), FIRST)
    assert refusal.details["left"] == "366"


def test_an_overlap_of_two_employers_counts_once() -> None:
    with_overlap = period("2026-09-01", "2027-08-31"), period("2027-06-01", "2028-03-01")
    allowed(with_overlap[1], FIRST, with_overlap[0])
    used = time_used(RULE, 24, [FIRST, *with_overlap])
    assert (used.days_used, used.days_in_all, used.days_left) == (731, 731, 0)
    assert used.last_possible_on is None


def test_a_support_that_ended_early_leaves_the_rest() -> None:
    used = time_used(RULE, 24, [period("2026-03-02", "2026-03-16")])
    assert (used.counted_from, used.days_used, used.days_left) == (date(2026, 3, 2), 15, 716)
    assert used.last_possible_on == date(2028, 3, 1)


def test_six_months_without_support_qualify_again_and_a_day_less_does_not() -> None:
    both = FIRST, SECOND  # until 1 March 2028
    allowed(period("2028-09-02", "2029-09-01"), *both)
    refused("longest-time-used", period("2028-09-01", "2028-09-30"), *both)
    assert time_used(RULE, 24, both).qualifies_again_on == date(2028, 9, 2)


def test_a_form_without_a_new_count_counts_all_there_ever_was() -> None:
    lonebidrag = RULES.subsidy(Programme.LONEBIDRAG_UTVECKLING, date(2026, 2, 20))
    with pytest.raises(Refused):
        allowed(period("2035-01-01", "2035-01-31"), FIRST, SECOND, rule=lonebidrag)


def test_a_form_without_a_longest_time_never_runs_out() -> None:
    trygghet = RULES.subsidy(Programme.LONEBIDRAG_TRYGGHET, date(2026, 2, 20))
    allowed(SECOND, FIRST, rule=trygghet, limits=Limits(48, None))
    assert time_used(trygghet, None, [FIRST]).days_in_all is None


def test_time_of_another_form_is_not_counted() -> None:
    allowed(period("2028-03-02", "2029-03-01"), FIRST, SECOND, form=Programme.NYSTARTSJOBB)


def test_a_second_year_needs_a_motivated_need() -> None:
    allowed(FIRST, motivated=False)
    refused("need-not-motivated", SECOND, FIRST, motivated=False)
    during_the_exception = RULES.subsidy(JOBB, date(2021, 5, 1))
    allowed(SECOND, FIRST, rule=during_the_exception, motivated=False)


def test_one_employment_one_support_at_a_time() -> None:
    there_already = [Support(Programme.NYSTARTSJOBB, FIRST, TIMRA)]
    with pytest.RaisesExc(Refused, check=lambda refusal: refusal.code == "support-at-same-time"):
        refuse_beyond(RULE, TWO_YEARS, JOBB, period("2027-03-01", "2027-05-31"), there_already, employer=TIMRA)
    refuse_beyond(RULE, TWO_YEARS, JOBB, period("2027-03-02", "2027-05-31"), there_already, employer=TIMRA)
    refuse_beyond(RULE, TWO_YEARS, JOBB, FIRST, there_already, employer="2120002643")
    refuse_beyond(RULE, TWO_YEARS, JOBB, FIRST, there_already, employer=None)  # sealed: nobody can tell


def test_nothing_granted_is_nothing_used() -> None:
    assert time_used(RULE, 24, []).days_used == 0


PERIODS = st.lists(
    st.builds(
        lambda start, days: Period(date(2026, 1, 1) + timedelta(start), date(2026, 1, 1) + timedelta(start + days)),
        st.integers(0, 700),
        st.integers(0, 400),
    ),
    max_size=6,
)
WITHOUT_NEW_COUNT = RULES.subsidy(Programme.LONEBIDRAG_TRYGGHET, date(2026, 2, 20))


@given(PERIODS)
def test_days_used_are_the_days_of_all_periods_each_once(periods: list[Period]) -> None:
    days = {one.first_on + timedelta(n) for one in periods for n in range(one.days)}
    assert time_used(WITHOUT_NEW_COUNT, None, periods).days_used == len(days)
    assert time_used(WITHOUT_NEW_COUNT, None, [*periods, *reversed(periods)]).days_used == len(days)
