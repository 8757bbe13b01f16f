"""Applying for compensation for an agreed placement. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.evolve import Event
from samverkan.funding.compensation.state import Application, Compensation
from samverkan.funding.forecast import Forecast, forecast
from samverkan.funding.form_facts import facts_of
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.funding.terms import Terms
from samverkan.schemas.funding import CompensationApplied, Employer, Estimate


class BankGround(StrEnum):
    """Why an employer cannot have its tax account credited (SFS 2018:42 §30)."""

    NO_TAX_ACCOUNT = "no-tax-account"
    FOREIGN_EMPLOYER = "foreign-employer"


@dataclass(frozen=True)
class ApplyForCompensation:
    """The employer applies. `terms` are those of the agreed placement, as funding knows them.

    `overhead_per_month`: what the employer reckons for supervision and administration, in kronor; kept with what the
    placement was expected to cost. `employer_number` is
    None when we may not read it. `extends`: the compensation whose period this one continues.
    """

    case_id: UUID
    placement_id: UUID
    terms: Terms
    applied_on: date
    overhead_per_month: Decimal = Decimal(0)
    employer_number: str | None = None
    extends: UUID | None = None
    bank_ground: BankGround | None = None


def apply(rules: Rulebook, command: ApplyForCompensation, compensation: Compensation) -> Sequence[Event]:
    """Refused: `already-applied`, and whatever makes the terms impossible to compute under today's rules."""
    if compensation.application is not None:
        if _repeats(command, compensation.application):
            return []
        raise Refused("already-applied")
    # An application that could never be granted is refused where the employer can still correct it.
    return [_applied(command, forecast(rules, command.terms, command.applied_on))]


def terms_of(application: Application) -> Terms:
    """The terms applied with. Refused `economy-unreadable`: the keys of its amounts are gone."""
    if application.economy is None:
        raise Refused("economy-unreadable")
    return Terms(
        application.form,
        application.starts_on,
        application.ends_on,
        application.extent,
        application.economy.gross_per_month,
        application.economy.birth_year,
        application.pay_months_later,
        facts_of(application.economy),
    )


def _applied(command: ApplyForCompensation, expected: Forecast | None = None) -> CompensationApplied:
    terms = command.terms
    estimate = None if expected is None else _estimate(expected, command.overhead_per_month)
    return CompensationApplied(
        case_id=command.case_id,
        placement_id=command.placement_id,
        form=terms.form,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        extent=terms.extent,
        applied_on=command.applied_on,
        pay_months_later=terms.pay_months_later,
        extends=command.extends,
        bank_ground=command.bank_ground,
        economy=terms.basis.model_copy(update={"estimate": estimate}),
        employment=None if command.employer_number is None else Employer(employer_number=command.employer_number),
    )


def _estimate(expected: Forecast, overhead_per_month: Decimal) -> Estimate:
    return Estimate(
        rule_version=expected.rule.id,
        cost_in_all=expected.cost,
        credit_in_all=expected.credit,
        own_cost_in_all=expected.own_cost,
        overhead_per_month=overhead_per_month,
    )


def _repeats(command: ApplyForCompensation, known: Application) -> bool:
    """Whether it says the same. What was expected is no part of it: under newer rules it may be expected otherwise."""
    applied = _applied(command)
    said = known.economy
    if said is not None and said.estimate is not None:
        if said.estimate.overhead_per_month != command.overhead_per_month:
            return False
        said = said.model_copy(update={"estimate": None})
    return all(getattr(applied, name) == value for name, value in {**vars(known), "economy": said}.items())
