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
from samverkan.funding.rules.versions import Version, in_force
from samverkan.schemas.participant import Programme

FORMS: Final = (Programme.INTRODUKTIONSJOBB,)  # each has a file of its name; every other form is refused


@dataclass(frozen=True, kw_only=True)
class SubsidyRule(Version):
    """A share of the wage cost. `gross_cap` is kronor a month at full time; periods are in months."""

    rate: Decimal
    gross_cap: Decimal
    months_at_a_time: int
    months_in_all: int


@dataclass(frozen=True, kw_only=True)
class DeadlineRule(Version):
    """How many days after a work month's last day it can still be claimed."""

    days: int


@dataclass(frozen=True, kw_only=True)
class CreditDayRule(Version):
    """The day of the next month by which the tax account is credited."""

    day: int
    day_for_december: int


@dataclass(frozen=True)
class Rulebook:
    """Every rule in every version; whoever asks says for which day."""

    subsidies: Mapping[Programme, Sequence[SubsidyRule]]
    general_contributions: Sequence[GeneralContribution]
    reduced_contributions: Sequence[ReducedContribution]
    deadlines: Sequence[DeadlineRule]
    credit_days: Sequence[CreditDayRule]

    def subsidy(self, form: Programme, decided_on: date) -> SubsidyRule:
        """The rule that a decision of that day rests on, for the whole decided period.

        Refused `form-unsupported`: funding has no rules for the form. `no-rule-in-force`: not on that day.
        """
        if form not in self.subsidies:
            raise Refused("form-unsupported", form=form.value)
        return in_force(self.subsidies[form], decided_on)

    def subsidy_version(self, form: Programme, rule_id: str) -> SubsidyRule:
        """The version that a decision stored. Refused `rule-version-unknown`: decided under rules newer than these."""
        for version in self.subsidies.get(form, ()):
            if version.id == rule_id:
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
