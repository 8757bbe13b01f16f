"""`python -m samverkan.cli.rules_page`: writes docs/rules.md, each rule with its period and source, from the data.

`tests/docs/test_rules.py` holds the page to the data.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, Final

from samverkan.funding.budget.law import load_law
from samverkan.funding.conditions.load import load_conditions
from samverkan.funding.rules.load import load_rulebook
from samverkan.funding.rules.subsidies import SubsidyRule
from samverkan.funding.rules.versions import Version
from samverkan.intake.criteria.rule import Condition, Rule
from samverkan.intake.eligibility import LABELS, RULES

PAGE: Final = Path(__file__).parents[3] / "docs" / "rules.md"

_ABOUT: Final = """# The rules, each with its period and source

Made from the data that the services decide by (`python -m samverkan.cli.rules_page`), and a test holds it to them:
`rules/`, `conditions/` and `budget/` of `services/funding/samverkan/funding/`, and
`services/intake/samverkan/intake/criteria/`. A version that is *not verified* is refused with `rule-not-verified`:
nothing is computed by guessing. How amounts are computed from these numbers, rounding included: the docstrings of
`amounts.py`, `calendar.py`, `deadlines.py`, `time_used.py` and `benefit/days.py`, and every claim's own lines.

The decision date picks the version for the whole decided period. The pay month picks the contributions, the work
month's last day the deadline, each benefit day its amount.
"""
_OF_EVERY_VERSION: Final = {"id", "valid_from", "valid_until", "source", "remark", "remark_sv", "verified", "method"}


def page() -> str:
    """The whole page."""
    return "\n".join([_ABOUT, *_support(), *_contributions(), *_days(), *_conditions(), *_benefits(), *_criteria()])


def _support() -> Iterator[str]:
    yield "## Support to the employer\n\nKronor a month at full time, shares of 1, periods in months.\n"
    for form, versions in load_rulebook().subsidies.items():
        yield from _table(form.value, versions)
    yield from _table("handledarstöd", load_rulebook().supervision_support)


def _contributions() -> Iterator[str]:
    yield "## Employer contributions\n\nAges in full years at the year's start.\n"
    yield from _table("general", load_rulebook().general_contributions)
    yield from _table("reduced", load_rulebook().reduced_contributions)


def _days() -> Iterator[str]:
    yield "## Last days and credit days\n\nA day that is no working day moves to the next one.\n"
    yield from _table("days to claim a work month", load_rulebook().deadlines)
    yield from _table("day of crediting", load_rulebook().credit_days)


def _conditions() -> Iterator[str]:
    conditions = load_conditions()
    yield "## After the decision, and a Finsam budget\n\nShares of 1, interest as a share a year, days as month-day.\n"
    yield from _table("time to ask for a review, and to appeal", conditions.reviews)
    yield from _table("which decisions may be appealed when they have been reviewed", conditions.remedies)
    yield from _table("time to pay what is asked back", conditions.payment_times)
    yield from _table("share of a credit that may be kept", conditions.set_offs)
    yield from _table("instalments: added to the state lending rate", conditions.interest)
    yield from _table("the state lending rate, of weeks that were looked up", conditions.lending_rates)
    yield from _table("a budget's last days", load_law().rules)


def _benefits() -> Iterator[str]:
    yield "## Benefits to the participant\n\nFor information: Försäkringskassan decides. Kronor a benefit day.\n"
    for kind, versions in load_rulebook().benefits.items():
        yield from _table(kind.value, versions)
    yield from _table("how far back it is paid", load_rulebook().benefit_applications)


def _criteria() -> Iterator[str]:
    yield "## Who may take part\n\nEvery criterion must be met; each by one of its ways.\n"
    for programme in dict.fromkeys(rule.programme for rule in RULES):
        yield f"### {programme.value}\n"
        yield "| Version | Period | Criterion | Met by | Source | Remark |\n|---|---|---|---|---|---|"
        for rule in RULES:
            if rule.programme is programme:
                yield from _criteria_of(rule)
        yield ""


def _criteria_of(rule: Rule) -> Iterator[str]:
    period = _period(rule.valid_from, rule.valid_until)
    remark = _remark(rule.remark, verified=rule.verified)
    if not rule.criteria:
        yield f"| `{rule.id}` | {period} | – | – | {rule.source} | {remark} |"
    for criterion in rule.criteria:
        ways = [" and ".join(_condition(condition) for condition in way) for way in criterion.any]
        met_by = "; or ".join(ways) or "nobody any more"
        source = rule.source if criterion.source in rule.source else f"{rule.source}; {criterion.source}"
        yield f"| `{rule.id}` | {period} | `{criterion.code}` | {met_by} | {source} | {remark} |"


def _condition(condition: Condition) -> str:
    label = LABELS[condition.fact]
    if condition.equals is not None:
        return label if condition.equals else f"not {label}"
    low, high = condition.at_least, condition.at_most
    if low is not None and high is not None:
        return f"{label} {low}–{high}"
    return f"{label} at least {low}" if high is None else f"{label} at most {high}"


def _table(title: str, versions: Iterable[Version]) -> Iterator[str]:
    yield f"### {title}\n\n| Version | Period | Rule | Source | Remark |\n|---|---|---|---|---|"
    for version in versions:
        period = _period(version.valid_from, version.valid_until)
        remark = _remark(version.remark, verified=version.verified)
        yield f"| `{version.id}` | {period} | {_content(version)} | {version.source} | {remark} |"
    yield ""


def _content(version: Version) -> str:
    method = getattr(version, "method", None)
    said = [] if method is None else [str(method)]
    for field in fields(version):
        value = getattr(version, field.name)
        if field.name not in _OF_EVERY_VERSION and value is not None:
            said.append(f"{field.name.replace('_', ' ')} {_value(value)}")
    if isinstance(version, SubsidyRule) and version.months_in_all is None:
        said.append("no longest time in all")
    return ", ".join(said) or "–"


def _value(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(_entry(entry) for entry in value)
    return str(value)


def _entry(entry: Any) -> str:
    if isinstance(entry, str):
        return entry
    said = ((field.name.replace("_", " "), getattr(entry, field.name)) for field in fields(entry))
    return " ".join(name if value is True else f"{name} {value}" for name, value in said if value not in (None, False))


def _period(valid_from: date, valid_until: date | None) -> str:
    if valid_from == date.min:
        return "any day"
    return f"{valid_from} –" + ("" if valid_until is None else f" {valid_until}")


def _remark(remark: str | None, *, verified: bool) -> str:
    return "; ".join(part for part in ("" if verified else "**not verified**", remark or "") if part)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")
