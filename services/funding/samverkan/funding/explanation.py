"""The lines that say, in Swedish and English, how a month's amounts came about. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from samverkan.funding.form_facts import FormFacts
from samverkan.funding.money import en, number_en, number_sv, percent_en, percent_sv, sv, to_ore
from samverkan.funding.rules.contributions import Contributions
from samverkan.funding.rules.subsidies import (
    AssessedReduction,
    ContributionMultiple,
    DailyCap,
    NoWage,
    ShareOfWageCost,
    Step,
    SubsidyRule,
)
from samverkan.schemas.funding import ClaimLine


@dataclass(frozen=True)
class Computed:
    """A month's figures before they become lines. `supported` pairs each extent with its working days.

    `extra` is support besides that of the wage, for costs that are as large: it is both cost and credit.
    """

    rule: SubsidyRule
    contributions: Contributions
    days_in_month: int
    supported: tuple[tuple[Decimal, int], ...]
    gross: Fraction
    cap: Fraction
    countable: Fraction
    wage_cost: Decimal
    wage_credit: Decimal
    extra: Decimal
    insurance_share: Decimal
    facts: FormFacts
    step: Step | None

    @property
    def amounts(self) -> dict[str, Decimal]:
        """Every amount that a line may state, by name: rounded once each, and adding up."""
        return {
            "wage-cost": self.wage_cost,
            "countable-gross": to_ore(self.countable),
            "daily-cap": to_ore(self.cap),
            "wage-credit": self.wage_credit,
            "extra-support": self.extra,
            "no-wage-cost": Decimal("0.00"),
            "cost": self.wage_cost + self.extra,
            "credit": self.wage_credit + self.extra,
            "own-cost": self.wage_cost - self.wage_credit,
        }


# What a method's explanation consists of: the line's name, and which sentence says it.
_LINES: Final[Mapping[type[SubsidyRule], tuple[tuple[str, str], ...]]] = {
    ShareOfWageCost: (
        ("wage-cost", "wage-cost"),
        ("countable-gross", "countable-gross"),
        ("credit", "credit-share"),
        ("own-cost", "own-cost"),
    ),
    DailyCap: (
        ("wage-cost", "wage-cost"),
        ("daily-cap", "daily-cap"),
        ("credit", "credit-daily-cap"),
        ("own-cost", "own-cost"),
    ),
    ContributionMultiple: (
        ("wage-cost", "wage-cost"),
        ("countable-gross", "countable-gross"),
        ("credit", "credit-contributions"),
        ("own-cost", "own-cost"),
    ),
    AssessedReduction: (
        ("wage-cost", "wage-cost-insured"),
        ("countable-gross", "countable-gross"),
        ("wage-credit", "credit-reduction"),
        ("extra-support", "extra-support"),
        ("credit", "credit-in-all"),
        ("own-cost", "own-cost"),
    ),
    NoWage: (("no-wage-cost", "no-wage-cost"),),
}


@dataclass(frozen=True)
class _Language:
    money: Callable[[Decimal], str]
    percent: Callable[[Decimal], str]
    number: Callable[[Decimal], str]
    days: str
    sentences: Mapping[str, str]


_SV: Final = _Language(
    sv,
    percent_sv,
    number_sv,
    "{supported} av {in_month} arbetsdagar",
    {
        "wage-cost": "Lönekostnad: bruttolön {gross} + arbetsgivaravgifter {due_on_gross} = {wage_cost} kr"
        " ({contribution})",
        "wage-cost-insured": "Lönekostnad: bruttolön {gross} + arbetsgivaravgifter {due_on_gross} + försäkringar"
        " {insurance} × {gross} = {wage_cost} kr ({contribution})",
        "countable-gross": "Bruttolön som räknas: det lägsta av utbetald {gross} och taket {limits} = {cap},"
        " alltså {countable} kr",
        "daily-cap": "Taket per dag: {daily_cap} × {days_at_extent} = {cap} kr",
        "credit-share": "Kreditering: {rate} × ({countable} + {due_on_countable}) = {credit} kr ({rule}, {source})",
        "credit-daily-cap": "Kreditering: det lägsta av {rate} × lönekostnaden {wage_cost} och taket {cap}"
        " = {credit} kr ({rule}, {source})",
        "credit-contributions": "Kreditering: {times_due} × arbetsgivaravgifterna {due_on_countable} + {times_full} ×"
        " full avgift {full_rate} × {countable} = {credit} kr ({rule}, {source})",
        "credit-reduction": "Lönebidrag: {reduction} × ({countable} + {due_on_countable} + {insurance} × {countable})"
        " = {wage_credit} kr ({rule}, {source})",
        "extra-support": "Extra stöd för arbetsgivarens kostnader: {extra_per_month} i månaden ×"
        " {supported_in_all} = {extra} kr",
        "credit-in-all": "Kreditering: {wage_credit} + {extra} = {credit} kr",
        "own-cost": "Arbetsgivarens egen kostnad: {wage_cost} − {wage_credit} = {own_cost} kr",
        "no-wage-cost": "Ingen anställning: arbetsgivaren betalar ingen lön och får ingen ersättning"
        " ({rule}, {source})",
    },
)
_EN: Final = _Language(
    en,
    percent_en,
    number_en,
    "{supported} of {in_month} working days",
    {
        "wage-cost": "Wage cost: gross {gross} + employer contributions {due_on_gross} = SEK {wage_cost}"
        " ({contribution})",
        "wage-cost-insured": "Wage cost: gross {gross} + employer contributions {due_on_gross} + insurance"
        " {insurance} × {gross} = SEK {wage_cost} ({contribution})",
        "countable-gross": "Gross that counts: the lower of what was paid, {gross}, and the cap {limits} = {cap},"
        " that is SEK {countable}",
        "daily-cap": "The daily cap: {daily_cap} × {days_at_extent} = SEK {cap}",
        "credit-share": "Credit: {rate} × ({countable} + {due_on_countable}) = SEK {credit} ({rule}, {source})",
        "credit-daily-cap": "Credit: the lower of {rate} × the wage cost {wage_cost} and the cap {cap}"
        " = SEK {credit} ({rule}, {source})",
        "credit-contributions": "Credit: {times_due} × the employer contributions {due_on_countable} + {times_full} ×"
        " full contributions {full_rate} × {countable} = SEK {credit} ({rule}, {source})",
        "credit-reduction": "Wage subsidy: {reduction} × ({countable} + {due_on_countable} +"
        " {insurance} × {countable}) = SEK {wage_credit} ({rule}, {source})",
        "extra-support": "Extra support for the employer's costs: {extra_per_month} a month × {supported_in_all}"
        " = SEK {extra}",
        "credit-in-all": "Credit: {wage_credit} + {extra} = SEK {credit}",
        "own-cost": "The employer's own cost: {wage_cost} − {wage_credit} = SEK {own_cost}",
        "no-wage-cost": "No employment: the employer pays no wage and gets no compensation ({rule}, {source})",
    },
)


def explain(month: Computed) -> tuple[ClaimLine, ...]:
    """Every line of the method: its formula with numbers in both languages, and its rounded amount."""
    amounts = month.amounts
    in_swedish, in_english = _facts(month, _SV), _facts(month, _EN)
    return tuple(
        ClaimLine(
            name=name,
            explanation_sv=_SV.sentences[sentence].format_map(in_swedish),
            explanation_en=_EN.sentences[sentence].format_map(in_english),
            amount=amounts[name],
        )
        for name, sentence in _LINES[type(month.rule)]
    )


def _facts(month: Computed, language: _Language) -> dict[str, str]:
    """What the sentences of the method may name."""
    money, amounts = language.money, month.amounts
    return {
        "gross": money(to_ore(month.gross)),
        "cap": money(to_ore(month.cap)),
        "countable": money(amounts["countable-gross"]),
        "wage_cost": money(month.wage_cost),
        "wage_credit": money(month.wage_credit),
        "extra": money(month.extra),
        "credit": money(amounts["credit"]),
        "own_cost": money(amounts["own-cost"]),
        "rule": month.rule.id,
        "source": month.rule.source,
        "contribution": month.contributions.rule_id,
        "due_on_gross": _due(month.contributions, month.gross, language),
        "due_on_countable": _due(month.contributions, month.countable, language),
        **_facts_of_method(month, language),
    }


def _facts_of_method(month: Computed, language: _Language) -> dict[str, str]:
    money, percent, number = language.money, language.percent, language.number
    match month.rule:
        case ShareOfWageCost() as rule:
            return {"rate": percent(rule.rate), "limits": _limits(month, rule.gross_cap, language)}
        case DailyCap() as rule:
            days = " + ".join(
                f"{language.days.format(supported=days, in_month=month.days_in_month)} × {percent(extent)}"
                for extent, days in month.supported
            )
            return {
                "rate": percent(rule.rate),
                "daily_cap": money(rule.daily_cap),
                "days_at_extent": days if len(month.supported) == 1 else f"({days})",
            }
        case ContributionMultiple() as rule if month.step is not None:
            return {
                "limits": _limits(month, rule.gross_cap, language),
                "times_due": number(month.step.times_due),
                "times_full": number(month.step.times_full),
                "full_rate": percent(month.contributions.rate),
            }
        case AssessedReduction() as rule:
            days_in_all = sum(days for _, days in month.supported)
            return {
                "limits": _limits(month, rule.gross_cap, language),
                "reduction": percent(month.facts.assessed_reduction or Decimal(0)),
                "insurance": percent(month.insurance_share),
                "extra_per_month": money(month.facts.extra_support or Decimal(0)),
                "supported_in_all": language.days.format(supported=days_in_all, in_month=month.days_in_month),
            }
        case _:
            return {}


def _limits(month: Computed, gross_cap: Decimal, language: _Language) -> str:
    return " + ".join(
        f"{language.money(gross_cap)} × {language.percent(extent)}"
        f" × {language.days.format(supported=days, in_month=month.days_in_month)}"
        for extent, days in month.supported
    )


def _due(contributions: Contributions, gross: Fraction, language: _Language) -> str:
    parts = [
        f"{language.percent(part.rate)} × {language.money(to_ore(part.amount))}" for part in contributions.slices(gross)
    ]
    return parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"
