"""Checking an application and deciding on it: two persons, and amounts under the rules of the decision day. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.application import terms_of
from samverkan.funding.compensation.evolve import Event
from samverkan.funding.compensation.state import Application, Compensation, Decision
from samverkan.funding.compensation.two_persons import two_persons
from samverkan.funding.forecast import Forecast, forecast
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.funding.time_left import refuse_unless_time_left
from samverkan.funding.time_used import Support
from samverkan.schemas.funding import (
    Basis,
    CompensationApproved,
    CompensationChecked,
    CompensationRefused,
    DecidedAmounts,
)


class RefusalGround(StrEnum):
    """Why an application is refused; the decision letter explains it."""

    PERSON_NOT_ELIGIBLE = "person-not-eligible"
    EMPLOYER_NOT_ELIGIBLE = "employer-not-eligible"
    LONGEST_TIME_USED = "longest-time-used"
    TERMS_BELOW_COLLECTIVE_AGREEMENT = "terms-below-collective-agreement"


@dataclass(frozen=True)
class CheckApplication:
    """A handläggare has prepared the decision."""

    prepared_by: str
    checked_on: date


@dataclass(frozen=True)
class ApproveCompensation:
    """Another one grants it. `others` are the supports that the person has been granted besides, `employer` whose
    workplace this one is at: what the longest time and "one employment, one support" are judged by."""

    attested_by: str
    decided_on: date
    others: tuple[Support, ...] = ()
    employer: str | None = None


@dataclass(frozen=True)
class RefuseCompensation:
    """Another one refuses it."""

    attested_by: str
    decided_on: date
    ground: RefusalGround


def check(command: CheckApplication, compensation: Compensation) -> Sequence[Event]:
    """Refused: `not-applied`, `already-checked`, `already-decided`, `checked-before-application`."""
    application = application_of(compensation)
    if compensation.check is not None:
        if (command.prepared_by, command.checked_on) == (compensation.check.prepared_by, compensation.check.checked_on):
            return []
        if compensation.decision is not None:
            raise Refused("already-decided")
        raise Refused("already-checked")
    if command.checked_on < application.applied_on:
        raise Refused("checked-before-application", applied_on=application.applied_on.isoformat())
    return [CompensationChecked(prepared_by=command.prepared_by, checked_on=command.checked_on)]


def approve(rules: Rulebook, command: ApproveCompensation, compensation: Compensation) -> Sequence[Event]:
    """Refused: what `_attested` says, `placement-cancelled`, `economy-unreadable`, what `refuse_unless_time_left` says,
    and whatever the rules of that day do not allow."""
    application = application_of(compensation)
    if _repeats(compensation.decision, command.attested_by, command.decided_on, None):
        return []
    _attested(command.attested_by, command.decided_on, compensation)
    if compensation.ended_on is not None and compensation.ended_on < application.starts_on:
        raise Refused("placement-cancelled")
    refuse_unless_time_left(rules, terms_of(application), command.decided_on, command.others, command.employer)
    return [approved(rules, compensation, command.attested_by, command.decided_on)]


def approved(rules: Rulebook, compensation: Compensation, attested_by: str, decided_on: date) -> CompensationApproved:
    """What was applied for, granted under the rules of that day. Refused: `not-applied`, and as `forecast`."""
    application = application_of(compensation)
    terms = terms_of(application)
    decided = forecast(rules, terms, decided_on)
    return CompensationApproved(
        case_id=application.case_id,
        placement_id=application.placement_id,
        form=application.form,
        starts_on=application.starts_on,
        ends_on=application.ends_on,
        extent=application.extent,
        decided_on=decided_on,
        attested_by=attested_by,
        rule_version=decided.rule.id,
        rule_source=decided.rule.source,
        pay_months_later=application.pay_months_later,
        economy=_amounts(Basis(gross_per_month=terms.gross_per_month, birth_year=terms.birth_year), decided),
    )


def refuse(command: RefuseCompensation, compensation: Compensation) -> Sequence[Event]:
    """Refused: what `_attested` says."""
    application = application_of(compensation)
    if _repeats(compensation.decision, command.attested_by, command.decided_on, command.ground):
        return []
    _attested(command.attested_by, command.decided_on, compensation)
    return [
        CompensationRefused(
            case_id=application.case_id,
            placement_id=application.placement_id,
            decided_on=command.decided_on,
            code=command.ground,
            attested_by=command.attested_by,
        )
    ]


def application_of(compensation: Compensation) -> Application:
    """What was applied for. Refused `not-applied`."""
    if compensation.application is None:
        raise Refused("not-applied")
    return compensation.application


def _attested(attested_by: str, decided_on: date, compensation: Compensation) -> None:
    """Refused: `already-decided`, `not-checked`, `same-person-prepares-and-attests`, `decided-before-check`."""
    if compensation.decision is not None:
        raise Refused("already-decided")
    if compensation.check is None:
        raise Refused("not-checked")
    two_persons(compensation.check.prepared_by, compensation.check.checked_on, attested_by, decided_on)


def _repeats(known: Decision | None, attested_by: str, decided_on: date, ground: RefusalGround | None) -> bool:
    return known is not None and (known.attested_by, known.decided_on, known.refusal_code) == (
        attested_by,
        decided_on,
        ground,
    )


def _amounts(basis: Basis, decided: Forecast) -> DecidedAmounts:
    month = decided.full_month
    return DecidedAmounts(
        gross_per_month=basis.gross_per_month,
        birth_year=basis.birth_year,
        cost_per_month=month.cost,
        credit_per_month=month.credit,
        own_cost_per_month=month.own_cost,
        credit_in_all=decided.credit,
    )
