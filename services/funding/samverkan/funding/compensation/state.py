"""A compensation as its events left it: one stream per placement, its claims inside. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import assert_never
from uuid import UUID

from samverkan.schemas.funding import (
    Basis,
    ClaimCalculated,
    ClaimCredited,
    ClaimForfeited,
    ClaimSubmitted,
    CompensationApplied,
    CompensationApproved,
    CompensationChecked,
    CompensationReactionRefused,
    CompensationRefused,
)
from samverkan.schemas.participant import Programme

Event = (
    CompensationApplied
    | CompensationChecked
    | CompensationApproved
    | CompensationRefused
    | ClaimSubmitted
    | ClaimCalculated
    | ClaimForfeited
    | ClaimCredited
    | CompensationReactionRefused
)


@dataclass(frozen=True)
class Application:
    """What was applied for. `economy` is None when its keys are gone: then nothing can be computed any more."""

    case_id: UUID
    placement_id: UUID
    form: Programme
    starts_on: date
    ends_on: date
    extent: Decimal
    pay_months_later: int
    applied_on: date
    economy: Basis | None


@dataclass(frozen=True)
class Check:
    """Who prepared the decision, and when."""

    prepared_by: str
    checked_on: date


@dataclass(frozen=True)
class Decision:
    """What was decided. A refusal has a `refusal_code` and no rule version."""

    decided_on: date
    attested_by: str | None
    rule_version: str | None = None
    refusal_code: str | None = None


@dataclass(frozen=True)
class Claim:
    """One work month. `credit` is None until it is calculated; a forfeited claim keeps none."""

    received_on: date
    gross_paid: Decimal | None
    credit: Decimal | None = None
    forfeited: bool = False
    credited_on: date | None = None


@dataclass(frozen=True)
class Compensation:
    """Nothing at all, applied, checked, and decided; claims by the first day of their work month."""

    application: Application | None = None
    check: Check | None = None
    decision: Decision | None = None
    claims: Mapping[date, Claim] = field(default_factory=dict)


def evolve(compensation: Compensation, event: Event) -> Compensation:
    """Fold one recorded event into the state; what has happened is never refused."""
    match event:
        case CompensationApplied():
            return replace(compensation, application=_application(event))
        case CompensationChecked(prepared_by=prepared_by, checked_on=day):
            return replace(compensation, check=Check(prepared_by, day))
        case CompensationApproved(decided_on=day, attested_by=attested_by, rule_version=rule):
            return replace(compensation, decision=Decision(day, attested_by, rule_version=rule))
        case CompensationRefused(decided_on=day, attested_by=attested_by, code=code):
            return replace(compensation, decision=Decision(day, attested_by, refusal_code=code))
        case ClaimSubmitted(work_month=month, received_on=day, economy=economy):
            return _with(compensation, month, Claim(day, None if economy is None else economy.gross_paid))
        case ClaimCalculated(work_month=month, economy=economy):
            claim = replace(compensation.claims[month], credit=None if economy is None else economy.credit)
            return _with(compensation, month, claim)
        case ClaimForfeited(work_month=month):
            return _with(compensation, month, replace(compensation.claims[month], forfeited=True))
        case ClaimCredited(work_month=month, credited_on=day):
            return _with(compensation, month, replace(compensation.claims[month], credited_on=day))
        case CompensationReactionRefused():
            return compensation
        case _:
            assert_never(event)


def _application(event: CompensationApplied) -> Application:
    return Application(
        event.case_id,
        event.placement_id,
        event.form,
        event.starts_on,
        event.ends_on,
        event.extent,
        event.pay_months_later,
        event.applied_on,
        event.economy,
    )


def _with(compensation: Compensation, month: date, claim: Claim) -> Compensation:
    return replace(compensation, claims={**compensation.claims, month: claim})
