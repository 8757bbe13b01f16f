"""All rules that funding decides by, in every version. Pure; load.py reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from samverkan.backbone.errors import Refused
from samverkan.funding.rules.contributions import (
    Contributions,
    GeneralContribution,
    ReducedContribution,
    contributions_for,
)
from samverkan.funding.rules.subsidies import AnyVersion, NotVerified, NoWage, Repealed, SubsidyRule
from samverkan.funding.rules.versions import Version, in_force
from samverkan.schemas.benefit import BenefitKind
from samverkan.schemas.participant import Programme

BENEFITS: Final = (BenefitKind.AKTIVITETSSTOD, BenefitKind.ETABLERINGSERSATTNING)  # each has a file in benefits/

FORMS: Final = (
    Programme.EXTRATJANST,
    Programme.INTRODUKTIONSJOBB,
    Programme.NYSTARTSJOBB,
    Programme.LONEBIDRAG_UTVECKLING,
    Programme.LONEBIDRAG_ANSTALLNING,
    Programme.LONEBIDRAG_TRYGGHET,
    Programme.ARBETSPRAKTIK,
    Programme.ARBETSTRANING,
)  # each has a file of its name in programmes/; every other form is refused


@dataclass(frozen=True, kw_only=True)
class SupplementRule(Version):
    """A support that comes besides that of one form."""

    form: Programme


@dataclass(frozen=True, kw_only=True)
class DeadlineRule(Version):
    """How many days after a work month's last day it can still be claimed."""

    days: int


@dataclass(frozen=True, kw_only=True)
class CreditDayRule(Version):
    """The day of the next month by which the tax account is credited."""

    day: int
    day_for_december: int


@dataclass(frozen=True, kw_only=True)
class BenefitRule(Version):
    """Kronor a benefit day at the least. `days_in_job_programme`: how many a person in JOB may have in all."""

    per_day: Decimal
    days_in_job_programme: int | None = None


@dataclass(frozen=True, kw_only=True)
class BenefitApplicationRule(Version):
    """How many months before the month of the application a benefit is paid."""

    months_back: int


@dataclass(frozen=True)
class Rulebook:
    """Every rule in every version; whoever asks says for which day."""

    subsidies: Mapping[Programme, Sequence[AnyVersion]]
    supervision_support: Sequence[SupplementRule]
    general_contributions: Sequence[GeneralContribution]
    reduced_contributions: Sequence[ReducedContribution]
    deadlines: Sequence[DeadlineRule]
    credit_days: Sequence[CreditDayRule]
    benefits: Mapping[BenefitKind, Sequence[BenefitRule]]
    benefit_applications: Sequence[BenefitApplicationRule]

    def subsidy(self, form: Programme, decided_on: date) -> SubsidyRule:
        """The rule that a decision of that day rests on, for the whole decided period.

        Refused `form-unsupported`: funding has no rules for the form. `no-rule-in-force`: not on that day, or not yet.
        `rule-not-verified`: there was one, and nobody knows what it said. `form-repealed`: no new decisions.
        """
        if form not in self.subsidies:
            raise Refused("form-unsupported", form=form.value)
        version = in_force(self.subsidies[form], decided_on)
        if isinstance(version, Repealed):
            raise Refused("form-repealed", since=version.valid_from.isoformat(), source=version.source)
        assert not isinstance(version, NotVerified)  # in_force has refused it
        return version

    def refuse_without_wage(self, form: Programme) -> None:
        """Refused `form-unsupported`: funding has no rules for it. `form-without-wage`: nothing to compensate."""
        if form not in self.subsidies:
            raise Refused("form-unsupported", form=form.value)
        for version in self.subsidies[form]:
            if isinstance(version, NoWage):
                raise Refused("form-without-wage", form=form.value, source=version.source)

    def subsidy_version(self, form: Programme, rule_id: str) -> SubsidyRule:
        """The version that a decision stored. Refused `rule-version-unknown`: decided under rules newer than these."""
        for version in self.subsidies.get(form, ()):
            if version.id == rule_id and isinstance(version, SubsidyRule):
                return version
        raise Refused("rule-version-unknown", rule=rule_id)

    def contributions(self, pay_month: date, birth_year: int) -> Contributions:
        """The employer contributions of that pay month; the refusals are those of `contributions_for`."""
        return contributions_for(self.general_contributions, self.reduced_contributions, pay_month, birth_year)

    def deadline(self, last_of_month: date) -> DeadlineRule:
        """The rule on the work month's last day. Refused `no-rule-in-force`."""
        return in_force(self.deadlines, last_of_month)

    def credit_day(self, received_on: date) -> CreditDayRule:
        """The rule on the day when the underlag arrived. Refused `no-rule-in-force`."""
        return in_force(self.credit_days, received_on)

    def benefit(self, kind: BenefitKind, day: date) -> BenefitRule:
        """The amount of that benefit day. Refused `no-rule-in-force`."""
        return in_force(self.benefits[kind], day)

    def benefit_application(self, applied_on: date) -> BenefitApplicationRule:
        """The rule on the day of the application. Refused `no-rule-in-force`."""
        return in_force(self.benefit_applications, applied_on)
