"""The lines that say, in Swedish and English, how a month's amounts came about. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from samverkan.funding.money import en, percent_en, percent_sv, sv, to_ore
from samverkan.funding.rules.contributions import Contributions
from samverkan.funding.rules.rulebook import SubsidyRule
from samverkan.schemas.funding import ClaimLine


@dataclass(frozen=True)
class Computed:
    """A month's figures before they become lines. `supported` pairs each extent with its working days."""

    rule: SubsidyRule
    contributions: Contributions
    days_in_month: int
    supported: tuple[tuple[Decimal, int], ...]
    gross: Fraction
    cap: Fraction
    countable: Fraction
    cost: Decimal
    credit: Decimal


@dataclass(frozen=True)
class _Language:
    money: Callable[[Decimal], str]
    percent: Callable[[Decimal], str]
    days: str
    templates: Mapping[str, str]


_SV: Final = _Language(
    sv,
    percent_sv,
    "{supported} av {in_month} arbetsdagar",
    {
        "wage-cost": "Lönekostnad: bruttolön {gross} + arbetsgivaravgifter {due_on_gross} = {cost} kr ({contribution})",
        "countable-gross": "Bruttolön som räknas: det lägsta av utbetald {gross} och taket {limits} = {cap},"
        " alltså {countable} kr",
        "credit": "Kreditering: {rate} × ({countable} + {due_on_countable}) = {credit} kr ({rule}, {source})",
        "own-cost": "Arbetsgivarens egen kostnad: {cost} − {credit} = {own_cost} kr",
    },
)
_EN: Final = _Language(
    en,
    percent_en,
    "{supported} of {in_month} working days",
    {
        "wage-cost": "Wage cost: gross {gross} + employer contributions {due_on_gross} = SEK {cost} ({contribution})",
        "countable-gross": "Gross that counts: the lower of what was paid, {gross}, and the cap {limits} = {cap},"
        " that is SEK {countable}",
        "credit": "Credit: {rate} × ({countable} + {due_on_countable}) = SEK {credit} ({rule}, {source})",
        "own-cost": "The employer's own cost: {cost} − {credit} = SEK {own_cost}",
    },
)


def explain(month: Computed) -> tuple[ClaimLine, ...]:
    """Wage cost, countable gross, credit and own cost: each with its formula and its rounded amount."""
    amounts = {
        "wage-cost": month.cost,
        "countable-gross": to_ore(month.countable),
        "credit": month.credit,
        "own-cost": month.cost - month.credit,
    }
    facts_sv, facts_en = _facts(month, _SV), _facts(month, _EN)
    return tuple(
        ClaimLine(
            name=name,
            explanation_sv=_SV.templates[name].format_map(facts_sv),
            explanation_en=_EN.templates[name].format_map(facts_en),
            amount=amount,
        )
        for name, amount in amounts.items()
    )


def _facts(month: Computed, language: _Language) -> dict[str, str]:
    money, percent, rule = language.money, language.percent, month.rule
    return {
        "gross": money(to_ore(month.gross)),
        "cap": money(to_ore(month.cap)),
        "countable": money(to_ore(month.countable)),
        "cost": money(month.cost),
        "credit": money(month.credit),
        "own_cost": money(month.cost - month.credit),
        "rate": percent(rule.rate),
        "rule": rule.id,
        "source": rule.source,
        "contribution": month.contributions.rule_id,
        "due_on_gross": _due(month.contributions, month.gross, language),
        "due_on_countable": _due(month.contributions, month.countable, language),
        "limits": " + ".join(
            f"{money(rule.gross_cap)} × {percent(extent)}"
            f" × {language.days.format(supported=days, in_month=month.days_in_month)}"
            for extent, days in month.supported
        ),
    }


def _due(contributions: Contributions, gross: Fraction, language: _Language) -> str:
    return " + ".join(
        f"{language.percent(part.rate)} × {language.money(to_ore(part.amount))}" for part in contributions.slices(gross)
    )
