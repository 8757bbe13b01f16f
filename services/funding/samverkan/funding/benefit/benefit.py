"""A participant's benefit: AF's decision, which may come late, and the application. Pure.

Recorded for information, so that everybody sees what was known when and what a late decision cost: FK decides and pays.
One stream per case, kind and first day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final, assert_never
from uuid import UUID, uuid5

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.funding.benefit.days import Entitlement, benefit
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.schemas.benefit import BenefitAmounts, BenefitApplied, BenefitDecided, BenefitReactionRefused
from samverkan.schemas.catalogue import FUNDING

Event = BenefitDecided | BenefitApplied | BenefitReactionRefused

_BENEFITS: Final = UUID("0f6c9d5e-3a56-5d0b-8f3c-5a7b1f0c2e44")


@dataclass(frozen=True)
class DecideBenefit:
    """AF decided that the person takes part, which entitles."""

    case_id: UUID
    entitled: Entitlement
    decided_on: date


@dataclass(frozen=True)
class ApplyForBenefit:
    """The person's application reached FK."""

    applied_on: date


Command = DecideBenefit | ApplyForBenefit


@dataclass(frozen=True)
class BenefitCase:
    """Nothing yet, decided, applied for."""

    decided: BenefitDecided | None = None
    applied_on: date | None = None

    @property
    def state(self) -> str:
        """Its readable name."""
        if self.decided is None:
            return "none"
        return "decided" if self.applied_on is None else "applied"


def benefit_id(case_id: UUID, entitled: Entitlement) -> UUID:
    """The stream of an entitlement: derived, so that two who record the same decision meet in it."""
    return uuid5(_BENEFITS, f"{case_id}/{entitled.kind}/{entitled.entitled_from}")


def decide(rules: Rulebook, command: Command, known: BenefitCase) -> Sequence[Event]:
    """Return what the command leads to; nothing when it was already carried out."""
    match command:
        case DecideBenefit():
            return _decide(rules, command, known)
        case ApplyForBenefit():
            return _apply(rules, command, known)
        case _:
            assert_never(command)


def evolve(known: BenefitCase, event: Event) -> BenefitCase:
    """Fold one recorded event into the state; what has happened is never refused."""
    match event:
        case BenefitDecided():
            return replace(known, decided=event)
        case BenefitApplied(applied_on=day):
            return replace(known, applied_on=day)
        case BenefitReactionRefused():
            return known
        case _:
            assert_never(event)


def refusal(command: object, refused: Refused) -> BenefitReactionRefused:
    """The outcome of a reaction that the rules refused."""
    return BenefitReactionRefused(command=type(command).__name__, code=refused.code)


def benefit_under(rules: Rulebook) -> Aggregate[BenefitCase]:
    """The aggregate, computing by these rules."""
    return Aggregate("benefit", FUNDING.name, BenefitCase(), partial(decide, rules), evolve, refusal)


def _decide(rules: Rulebook, command: DecideBenefit, known: BenefitCase) -> Sequence[Event]:
    """Refused: `benefit-already-decided`, and what `days.benefit` refuses."""
    entitled = command.entitled
    decided = BenefitDecided(
        case_id=command.case_id,
        kind=entitled.kind,
        entitled_from=entitled.entitled_from,
        entitled_until=entitled.entitled_until,
        decided_on=command.decided_on,
        in_job_programme=entitled.in_job_programme,
        days_used_before=entitled.days_used_before,
    )
    if known.decided is not None:
        if known.decided == decided:
            return []
        raise Refused("benefit-already-decided", decided_on=known.decided.decided_on.isoformat())
    benefit(rules, entitled, None)
    return [decided]


def _apply(rules: Rulebook, command: ApplyForBenefit, known: BenefitCase) -> Sequence[Event]:
    """Refused: `benefit-not-decided`, `benefit-already-applied`, `applied-before-decision`."""
    if known.decided is None:
        raise Refused("benefit-not-decided")
    if known.applied_on is not None:
        if known.applied_on == command.applied_on:
            return []
        raise Refused("benefit-already-applied", applied_on=known.applied_on.isoformat())
    decided = known.decided
    if command.applied_on < decided.decided_on:
        raise Refused("applied-before-decision", decided_on=decided.decided_on.isoformat())
    entitled = Entitlement(
        decided.kind,
        decided.entitled_from,
        decided.entitled_until,
        decided.in_job_programme,
        decided.days_used_before,
    )
    computed = benefit(rules, entitled, command.applied_on)
    return [
        BenefitApplied(
            case_id=decided.case_id,
            kind=decided.kind,
            applied_on=command.applied_on,
            paid_from=computed.paid_from,
            days_paid=computed.days_paid,
            days_lost=computed.days_lost,
            rule_version=rules.benefit(decided.kind, decided.entitled_until).id,
            economy=BenefitAmounts(paid=computed.amount_paid, lost=computed.amount_lost, lines=computed.lines),
        )
    ]
