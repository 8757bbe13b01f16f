"""A claim in any month of 2015–2027 under any programme gives an amount with its rule and source, or a refusal.

Every month × form × some decision days × some ages goes through the aggregate, from application to claim: nothing but
an amount that a rule explains or a refusal that has its texts may come of it.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from samverkan.backbone.calendar import last_of_month, months_between
from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.application import ApplyForCompensation
from samverkan.funding.compensation.claim import SubmitClaim
from samverkan.funding.compensation.compensation import compensation_under
from samverkan.funding.compensation.decision import ApproveCompensation, CheckApplication
from samverkan.funding.conditions.load import load_conditions
from samverkan.funding.form_facts import NO_FACTS, FormFacts
from samverkan.funding.rules.load import load_rulebook
from samverkan.funding.terms import Terms
from samverkan.schemas.event import Event
from samverkan.schemas.funding import ClaimCalculated
from samverkan.schemas.participant import Programme

RULES = load_rulebook()
COMPENSATION = compensation_under(RULES, load_conditions())
CASE, PLACEMENT = UUID(int=1), UUID(int=2)
MONTHS = tuple(months_between(date(2015, 1, 1), date(2027, 12, 31)))
DECIDED_ON = (date(2016, 6, 1), date(2017, 10, 20), date(2018, 5, 1), date(2020, 6, 1), date(2021, 10, 1))
BIRTH_YEARS = (1950, 1988, 2003)
FACTS = {
    Programme.NYSTARTSJOBB: FormFacts(absence_months=30),
    Programme.LONEBIDRAG_UTVECKLING: FormFacts(assessed_reduction=Decimal("0.5"), extra_support=Decimal(1000)),
    Programme.LONEBIDRAG_ANSTALLNING: FormFacts(assessed_reduction=Decimal("0.8"), insurance_share=Decimal("0.045")),
    Programme.LONEBIDRAG_TRYGGHET: FormFacts(assessed_reduction=Decimal(1)),
}
SOURCES = {version.id: version.source for versions in RULES.subsidies.values() for version in versions}
TEXTS = tomllib.loads((Path(__file__).parent / "texts" / "sv.toml").read_text("utf-8"))


def claimed(form: Programme, month: date, decided_on: date, birth_year: int) -> ClaimCalculated:
    """The month applied for, decided that day, and claimed on its last day."""
    terms = Terms(
        form,
        month,
        last_of_month(month),
        Decimal("0.75"),
        Decimal("18000.55"),
        birth_year,
        pay_months_later=month.month % 2,
        facts=FACTS.get(form, NO_FACTS),
    )
    events: list[Event] = []
    for command in (
        ApplyForCompensation(CASE, PLACEMENT, terms, decided_on),
        CheckApplication("af-1", decided_on),
        ApproveCompensation("af-2", decided_on),
        SubmitClaim(month, Decimal("18000.55"), last_of_month(month), started_on=month),
    ):
        events += COMPENSATION.decide(command, COMPENSATION.fold(events))
    calculated = events[-1]
    assert isinstance(calculated, ClaimCalculated)
    return calculated


def combinations(form: Programme) -> Iterator[tuple[date, date, int]]:
    for month in MONTHS:
        for decided_on in {month, *(day for day in DECIDED_ON if day <= month)}:
            for birth_year in BIRTH_YEARS:
                yield month, decided_on, birth_year


@pytest.mark.parametrize("form", list(Programme))
def test_every_month_gives_an_amount_with_rule_and_source_or_a_refusal_with_its_reason(form: Programme) -> None:
    outcomes = Counter[str]()
    for month, decided_on, birth_year in combinations(form):
        try:
            calculated = claimed(form, month, decided_on, birth_year)
        except Refused as refused:
            outcomes[refused.code] += 1
            continue
        amounts = calculated.economy
        assert amounts is not None
        assert SOURCES[calculated.rule_version].strip()
        assert SOURCES[calculated.rule_version] in "".join(line.explanation_sv for line in amounts.lines)
        assert Decimal(0) < amounts.credit <= amounts.cost
        assert amounts.own_cost == amounts.cost - amounts.credit
        outcomes["amount"] += 1
    assert outcomes.keys() - {"amount"} <= TEXTS.keys()
    computed = {*FACTS, Programme.EXTRATJANST, Programme.INTRODUKTIONSJOBB}
    assert (outcomes["amount"] > 0) is (form in computed), outcomes
