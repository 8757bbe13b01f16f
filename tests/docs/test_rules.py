"""docs/rules.md is what the rule files say."""

import re

from samverkan.cli.rules_page import PAGE, page
from samverkan.funding.budget.law import load_law
from samverkan.funding.conditions.load import load_conditions
from samverkan.funding.rules.load import load_rulebook
from samverkan.funding.rules.versions import Version
from samverkan.intake.criteria.rule import Rule
from samverkan.intake.eligibility import RULES

TEXT = PAGE.read_text("utf-8")


def test_the_page_is_what_the_data_says() -> None:
    assert page() == TEXT, "write it again: python -m samverkan.cli.rules_page"


def test_every_version_stands_on_the_page_with_its_source() -> None:
    rules, conditions = load_rulebook(), load_conditions()
    versions: list[Version | Rule] = [version for versions in rules.subsidies.values() for version in versions]
    versions += [*rules.deadlines, *rules.credit_days, *rules.general_contributions, *load_law().rules, *RULES]
    versions += [*conditions.reviews, *conditions.set_offs, *conditions.interest, *conditions.lending_rates]
    versions += [*conditions.remedies, *conditions.payment_times]
    for version in versions:
        (line, *_) = re.findall(rf"^\| `{re.escape(version.id)}` \|.*$", TEXT, re.MULTILINE)
        assert version.source in TEXT
        assert version.verified or "**not verified**" in line
