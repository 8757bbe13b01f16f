"""What the support of some forms depends on besides pay, period and extent, and what makes it impossible. Pure."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Final

from samverkan.backbone.errors import Refused
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.funding.rules.subsidies import AssessedReduction, SubsidyRule
from samverkan.funding.rules.versions import in_force
from samverkan.schemas.funding import Basis
from samverkan.schemas.participant import Programme

ABSENCE_MONTHS_MAX: Final = 600


@dataclass(frozen=True)
class FormFacts:
    """Facts that one form asks for and the others do not; each is left as it is where nobody asks.

    Nystartsjobb: `absence_months`, whole months of absence from working life; `newly_arrived`; `in_job_programme`;
    `born_on`, needed only when the birth year does not settle the age on the day of decision. Lönebidrag:
    `assessed_reduction`, AF's assessment as a share of 1; `insurance_share` of gross; `extra_support`, kronor a month.
    Introduktionsjobb: `supervision_support`, whether handledarstöd is asked for; `second_year_need`, whether the need
    of a second year has been motivated. Arbetsträning: `job_benefit_days` used, `reinforced` (förstärkt).
    """

    absence_months: int | None = None
    newly_arrived: bool | None = None
    in_job_programme: bool | None = None
    born_on: date | None = None
    assessed_reduction: Decimal | None = None
    insurance_share: Decimal | None = None
    extra_support: Decimal | None = None
    supervision_support: bool | None = None
    second_year_need: bool | None = None
    job_benefit_days: int | None = None
    reinforced: bool | None = None


NO_FACTS: Final = FormFacts()


def facts_of(basis: Basis) -> FormFacts:
    """The facts that an application was recorded with."""
    return FormFacts(**{field.name: getattr(basis, field.name, None) for field in fields(FormFacts)})


def check_facts(
    rules: Rulebook, rule: SubsidyRule, form: Programme, birth_year: int, facts: FormFacts, decided_on: date
) -> None:
    """Refused: `fact-not-of-form` (said, though the form does not ask for it), `absence-invalid`,
    `birth-date-invalid`, `assessed-reduction-missing`, `assessed-reduction-invalid`, `insurance-share-invalid`,
    `extra-support-too-high`; handledarstöd asked for: `rule-not-verified` or `no-rule-in-force`.
    """
    for field in fields(facts):
        if getattr(facts, field.name) not in (None, False) and field.name not in rule.uses:
            raise Refused("fact-not-of-form", fact=field.name, form=form.value)
    if facts.supervision_support:
        supplements = [version for version in rules.supervision_support if version.form is form]
        if not supplements:
            raise Refused("fact-not-of-form", fact="supervision_support", form=form.value)
        in_force(supplements, decided_on)
    if facts.absence_months is not None and not 0 <= facts.absence_months <= ABSENCE_MONTHS_MAX:
        raise Refused("absence-invalid")
    if facts.born_on is not None and facts.born_on.year != birth_year:
        raise Refused("birth-date-invalid")
    if isinstance(rule, AssessedReduction):
        _check_assessment(rule, facts)


def _check_assessment(rule: AssessedReduction, facts: FormFacts) -> None:
    if facts.assessed_reduction is None:
        raise Refused("assessed-reduction-missing")
    if not (_exact(facts.assessed_reduction, 4) and 0 < facts.assessed_reduction <= 1):
        raise Refused("assessed-reduction-invalid")
    insurance = facts.insurance_share or Decimal(0)
    if not (_exact(insurance, 4) and 0 <= insurance < 1):
        raise Refused("insurance-share-invalid")
    extra = facts.extra_support or Decimal(0)
    if not (_exact(extra, 2) and 0 <= extra <= rule.extra_support_at_most):
        raise Refused("extra-support-too-high", at_most=str(rule.extra_support_at_most), rule=rule.id)


def _exact(number: Decimal, decimals: int) -> bool:
    return number.is_finite() and number == round(number, decimals)
