"""The letters about a month that gave too much: asked back, or never asked back. Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from samverkan.backbone.errors import Refused
from samverkan.backbone.papers.paper import Asked
from samverkan.funding.conditions.conditions import Conditions
from samverkan.funding.conditions.remedies import Matter
from samverkan.funding.decision_history import Told, backwards, decided, last
from samverkan.funding.letter_parts import Whom, computed, kronor, letter, remedies
from samverkan.schemas.recovery import (
    ClaimCorrected,
    HearingAnswered,
    HearingOpened,
    RecoveryDecided,
    RecoverySetOff,
    RecoveryWaived,
    RepaymentReceived,
    WaiverPrepared,
)

_RECOVERY = ("liability", "recovery", "instalments", "late", "waiver", "set_off")


def recovery_letter(conditions: Conditions, whom: Whom, history: Sequence[Told], on: date | None = None) -> Asked:
    """The latest recovery of the month, or that of the day `on`: sum, month, how it was computed, by when it is paid.

    Refused `not-in-recovery`, `no-rule-in-force`.
    """
    for version, event in decided(history, RecoveryDecided, on):
        corrected = last(history, ClaimCorrected, before=version)
        lines = () if corrected is None or corrected.economy is None else corrected.economy.lines
        said = {
            "work_month": event.work_month,
            "decided_on": event.decided_on,
            "decided_by": event.attested_by,
            "prepared_by": event.prepared_by,
            "fault": event.fault.value,
            "rule_version": event.rule_version,
            "pay_by": conditions.pay_by(event.decided_on),
            **_sums(history, version, None if event.economy is None else event.economy.amount),
            **_corrected(corrected),
            **_heard(history, version),
            **remedies(conditions, whom, Matter.RECOVERY, event.decided_on, *_RECOVERY),
        }
        return letter("recovery", whom, version, said, computed(lines), _distinguishing(version, event.work_month))
    raise Refused("not-in-recovery")


def waiver_letter(conditions: Conditions, whom: Whom, history: Sequence[Told], on: date | None = None) -> Asked:
    """The latest waiver of the month, or that of the day `on`. Refused `not-waived`, `no-rule-in-force`."""
    for version, event in decided(history, RecoveryWaived, on):
        prepared = last(history, WaiverPrepared, before=version)
        recovery = _recovery_in_force(history, version)
        waived = event.economy
        said = {
            "work_month": event.work_month,
            "decided_on": event.decided_on,
            "decided_by": event.attested_by,
            "prepared_by": event.prepared_by,
            "ground": event.ground,
            "reason": None if prepared is None or prepared.economy is None else prepared.economy.reason,
            "amount": None if waived is None else kronor(waived.amount),
            "recovery_on": None if recovery is None else recovery.decided_on,
            **remedies(conditions, whom, Matter.WAIVER, event.decided_on, "liability", "waiver"),
        }
        return letter("waiver", whom, version, said, distinguishing=_distinguishing(version, event.work_month))
    raise Refused("not-waived")


def _distinguishing(version: int, work_month: date) -> list[str]:
    return [f"{work_month:%Y-%m}", str(version)]


def _sums(history: Sequence[Told], version: int, amount: Decimal | None) -> dict[str, str]:
    """What was credited, what is right, what was settled before: what is asked back is the first less the others."""
    corrected = last(history, ClaimCorrected, before=version)
    if amount is None or corrected is None or corrected.economy is None:
        return {}
    credit = corrected.economy.credit
    settled = sum((_settled(each) for each in history if each.version < version), Decimal(0))
    sums = {"amount": kronor(amount), "credit": kronor(credit), "credited": kronor(amount + credit + settled)}
    return {**sums, "settled": kronor(settled)} if settled else sums


def _settled(told: Told) -> Decimal:
    """What an event took off the overpayment, kronor."""
    match told.event:
        case RecoverySetOff(economy=economy) if economy is not None:
            return economy.amount
        case RepaymentReceived(economy=paid) if paid is not None:
            return paid.principal
        case RecoveryWaived(economy=waived) if waived is not None:
            return waived.amount
        case ClaimCorrected(economy=corrected) if corrected is not None:
            return -(corrected.waiver_cancelled or Decimal(0))
        case _:
            return Decimal(0)


def _corrected(corrected: ClaimCorrected | None) -> dict[str, Any]:
    """Why the month was computed again, and of which days and pay."""
    if corrected is None:
        return {}
    return {
        "cause": corrected.cause.value,
        "corrected_on": corrected.decided_on,
        "supported_from": corrected.supported_from,
        "supported_until": corrected.supported_until,
        "gross_paid": None if corrected.economy is None else kronor(corrected.economy.gross_paid),
    }


def _heard(history: Sequence[Told], version: int) -> dict[str, Any]:
    """What the employer was asked and answered; a correction takes an earlier hearing away."""
    heard: dict[str, Any] = {}
    for each in history:
        match each.event:
            case _ if each.version >= version:
                break
            case ClaimCorrected():
                heard = {}
            case HearingOpened(sent_on=sent_on, answer_by=answer_by):
                heard |= {"hearing_sent_on": sent_on, "hearing_answer_by": answer_by}
            case HearingAnswered(answered_on=day, agrees=agrees, economy=economy):
                answer = None if economy is None else economy.reason
                heard |= {"answered_on": day, "agrees": "yes" if agrees else "no", "remarks": answer}
    return heard


def _recovery_in_force(history: Sequence[Told], version: int) -> RecoveryDecided | None:
    """The recovery decision that a waiver is about; a correction takes an earlier one away."""
    steps = (event for event in backwards(history, version) if isinstance(event, RecoveryDecided | ClaimCorrected))
    latest = next(steps, None)
    return latest if isinstance(latest, RecoveryDecided) else None
