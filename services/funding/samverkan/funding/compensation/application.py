"""Applying for compensation for an agreed placement. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.state import Application, Compensation, Event
from samverkan.funding.forecast import forecast
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.funding.terms import Terms
from samverkan.schemas.funding import Basis, CompensationApplied


@dataclass(frozen=True)
class ApplyForCompensation:
    """The employer applies. `terms` are those of the agreed placement, as funding knows them."""

    case_id: UUID
    placement_id: UUID
    terms: Terms
    applied_on: date


def apply(rules: Rulebook, command: ApplyForCompensation, compensation: Compensation) -> Sequence[Event]:
    """Refused: `already-applied`, and whatever makes the terms impossible to compute under today's rules."""
    applied = _applied(command)
    if compensation.application is not None:
        if _repeats(applied, compensation.application):
            return []
        raise Refused("already-applied")
    # An application that could never be granted is refused where the employer can still correct it.
    forecast(rules, command.terms, command.applied_on)
    return [applied]


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
    )


def _applied(command: ApplyForCompensation) -> CompensationApplied:
    terms = command.terms
    return CompensationApplied(
        case_id=command.case_id,
        placement_id=command.placement_id,
        form=terms.form,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        extent=terms.extent,
        applied_on=command.applied_on,
        pay_months_later=terms.pay_months_later,
        economy=Basis(gross_per_month=terms.gross_per_month, birth_year=terms.birth_year),
    )


def _repeats(applied: CompensationApplied, known: Application) -> bool:
    return all(getattr(applied, name) == value for name, value in vars(known).items())
