"""What holds of amounts whatever the numbers: lines add up, credit stays within cost, more pay never gives less."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from samverkan.backbone.calendar import last_of_month
from samverkan.funding.amounts import Segment, claim_amounts, expected_amounts
from samverkan.funding.form_facts import FormFacts
from samverkan.funding.rules.load import load_rulebook
from samverkan.funding.rules.subsidies import NoWage, SubsidyRule
from samverkan.schemas.funding import ClaimAmounts
from samverkan.schemas.participant import Programme

RULES = load_rulebook()
VERSIONS = [
    version for versions in RULES.subsidies.values() for version in versions if isinstance(version, SubsidyRule)
]
PAID = [version for version in VERSIONS if not isinstance(version, NoWage)]
ORE = st.integers(0, 99_999_99).map(lambda ore: Decimal(ore).scaleb(-2))
Claim = tuple[SubsidyRule, date, int, tuple[Segment, ...], FormFacts]
EXTENTS = st.integers(1, 10_000).map(lambda part: Decimal(part).scaleb(-4))
MONTHS = st.integers(0, 155).map(lambda n: date(2015 + n // 12, n % 12 + 1, 1))
BIRTH_YEARS = st.integers(1962, 2006)


@st.composite
def segments(draw: st.DrawFn, month: date) -> tuple[Segment, ...]:
    """One or two parts of a month that follow each other."""
    last = last_of_month(month)
    first_on = date(month.year, month.month, draw(st.integers(1, last.day)))
    last_on = date(month.year, month.month, draw(st.integers(first_on.day, last.day)))
    change = draw(st.integers(first_on.day, last_on.day))
    until = date(month.year, month.month, change)
    parts = [Segment(draw(EXTENTS), first_on, until)]
    if until < last_on:
        parts.append(Segment(draw(EXTENTS), until + timedelta(days=1), last_on))
    return tuple(parts)


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    month = draw(MONTHS.filter(lambda month: month >= date(2015, 11, 1)))
    rule = draw(st.sampled_from(PAID))
    facts = FormFacts(
        absence_months=draw(st.integers(0, 60)),
        assessed_reduction=draw(EXTENTS),
        insurance_share=draw(EXTENTS.map(lambda share: share / 10)),
        extra_support=draw(ORE),
    )
    return rule, month, draw(BIRTH_YEARS), draw(segments(month)), facts


def computed(claim: Claim, gross: Decimal) -> ClaimAmounts:
    rule, month, birth_year, parts, facts = claim
    contributions = RULES.contributions(month, min(birth_year, month.year - 16))
    return claim_amounts(rule, contributions, month, gross, parts, facts)


@given(claims(), ORE)
def test_the_lines_add_up_to_the_totals(claim: Claim, gross: Decimal) -> None:
    month = computed(claim, gross)
    lines = {line.name: line.amount for line in month.lines}
    extra = lines.get("extra-support", Decimal(0))
    assert month.cost == lines["wage-cost"] + extra
    assert month.credit == lines.get("wage-credit", lines["credit"] - extra) + extra == lines["credit"]
    assert month.own_cost == month.cost - month.credit == lines["own-cost"]


@given(claims(), ORE)
def test_the_credit_never_exceeds_the_cost_and_every_amount_is_in_whole_ore(claim: Claim, gross: Decimal) -> None:
    month = computed(claim, gross)
    assert Decimal(0) <= month.credit <= month.cost
    for line in month.lines:
        assert line.amount.as_tuple().exponent == -2


@given(claims(), ORE, ORE)
def test_more_pay_never_gives_less_credit_nor_costs_less(claim: Claim, one: Decimal, other: Decimal) -> None:
    less, more = computed(claim, min(one, other)), computed(claim, max(one, other))
    assert less.credit <= more.credit
    assert less.cost <= more.cost


@given(claims(), ORE, EXTENTS, EXTENTS)
def test_a_larger_extent_never_gives_less(claim: Claim, gross: Decimal, one: Decimal, other: Decimal) -> None:
    rule, month, birth_year, (first, *_), facts = claim
    small, large = (Segment(extent, first.first_on, first.last_on) for extent in sorted((one, other)))
    assert (
        computed((rule, month, birth_year, (small,), facts), gross).credit
        <= computed((rule, month, birth_year, (large,), facts), gross).credit
    )


@given(MONTHS.filter(lambda month: month >= date(2018, 5, 1)), ORE, BIRTH_YEARS)
def test_a_whole_month_that_is_expected_is_what_a_claim_of_the_same_pay_gives(
    month: date, gross: Decimal, birth_year: int
) -> None:
    rule = RULES.subsidy(Programme.INTRODUKTIONSJOBB, month)
    contributions = RULES.contributions(month, min(birth_year, month.year - 16))
    whole = [Segment(Decimal(1), month, last_of_month(month))]
    assert expected_amounts(rule, contributions, month, gross, whole) == claim_amounts(
        rule, contributions, month, gross, whole
    )
