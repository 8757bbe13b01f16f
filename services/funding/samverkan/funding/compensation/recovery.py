"""Asking back what a month gave too much: the party is heard, two persons decide, or it is waived. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.claim_state import Claim
from samverkan.funding.compensation.evolve import Event
from samverkan.funding.compensation.evolve_claim import matter_of
from samverkan.funding.compensation.in_force import claimed, granted
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.compensation.two_persons import is_attested, prepared_by_another
from samverkan.schemas.decisions import Reason
from samverkan.schemas.recovery import (
    Fault,
    HearingAnswered,
    HearingOpened,
    Kronor,
    RecoveryDecided,
    RecoveryPrepared,
    RecoveryWaived,
    Waived,
    WaiverPrepared,
)


class WaiverGround(StrEnum):
    """Why an overpayment is not asked back."""

    NO_FAULT = "no-fault"
    SPECIAL_REASONS = "special-reasons"
    INSOLVENCY = "insolvency"
    SMALL_AMOUNT = "small-amount"


@dataclass(frozen=True)
class OpenHearing:
    """The employer is told of the overpayment and asked (FL §25)."""

    work_month: date
    sent_on: date
    answer_by: date


@dataclass(frozen=True)
class AnswerHearing:
    """The employer answered; `remarks` in its words."""

    work_month: date
    answered_on: date
    agrees: bool
    remarks: str | None = None


@dataclass(frozen=True)
class PrepareRecovery:
    """A handläggare prepares that it is asked back. `fault` None: the employer is without fault."""

    work_month: date
    fault: Fault | None
    prepared_by: str
    prepared_on: date


@dataclass(frozen=True)
class DecideRecovery:
    """Another one decides."""

    work_month: date
    attested_by: str
    decided_on: date


@dataclass(frozen=True)
class PrepareWaiver:
    """A handläggare prepares that what is left is never asked back."""

    work_month: date
    ground: WaiverGround
    reason: str
    prepared_by: str
    prepared_on: date


@dataclass(frozen=True)
class DecideWaiver:
    """Another one decides."""

    work_month: date
    attested_by: str
    decided_on: date


def open_hearing(command: OpenHearing, compensation: Compensation) -> Sequence[Event]:
    """Refused: as `claimed`; `nothing-overpaid`, `already-in-recovery`, `hearing-dates-invalid`, `already-heard`."""
    month, claim = _overpaid(compensation, command.work_month)
    if claim.recovery_on is not None:
        raise Refused("already-in-recovery")
    hearing = claim.hearing
    if hearing is not None:
        if (hearing.sent_on, hearing.answer_by) == (command.sent_on, command.answer_by):
            return []
        raise Refused("already-heard")
    if command.answer_by <= command.sent_on:
        raise Refused("hearing-dates-invalid")
    return [HearingOpened(work_month=month, sent_on=command.sent_on, answer_by=command.answer_by)]


def answer_hearing(command: AnswerHearing, compensation: Compensation) -> Sequence[Event]:
    """Refused: as `claimed`; `nothing-overpaid`, `party-not-heard`, `hearing-dates-invalid`, `already-answered`."""
    month, claim = _overpaid(compensation, command.work_month)
    hearing = claim.hearing
    if hearing is None:
        raise Refused("party-not-heard")
    if hearing.answered_on is not None:
        if (hearing.answered_on, hearing.agrees) == (command.answered_on, command.agrees):
            return []
        raise Refused("already-answered")
    if command.answered_on < hearing.sent_on:
        raise Refused("hearing-dates-invalid")
    return [
        HearingAnswered(
            work_month=month,
            answered_on=command.answered_on,
            agrees=command.agrees,
            economy=None if command.remarks is None else Reason(reason=command.remarks),
        )
    ]


def prepare_recovery(command: PrepareRecovery, compensation: Compensation) -> Sequence[Event]:
    """Refused: as `claimed`; `nothing-overpaid`, `already-in-recovery`, `recovery-without-fault`, `party-not-heard`,
    `hearing-still-open`."""
    month, claim = _overpaid(compensation, command.work_month)
    if claim.recovery_on is not None:
        raise Refused("already-in-recovery")
    if command.fault is None:
        raise Refused("recovery-without-fault")
    _heard(claim, command.prepared_on)
    event = RecoveryPrepared(
        work_month=month, prepared_by=command.prepared_by, prepared_on=command.prepared_on, fault=command.fault
    )
    known = compensation.prepared.get(matter_of("recovery", month))
    return [] if known is not None and known.event == event else [event]


def decide_recovery(command: DecideRecovery, compensation: Compensation) -> Sequence[Event]:
    """Refused: as `claimed` and `prepared_by_another`; `nothing-overpaid`, `party-not-heard`, `hearing-still-open`."""
    month, claim = claimed(compensation, command.work_month)
    matter = matter_of("recovery", month)
    if claim.recovery_on is not None and is_attested(compensation, matter, command.attested_by, command.decided_on):
        return []
    _overpaid(compensation, command.work_month)
    if claim.recovery_on is not None:
        raise Refused("already-in-recovery")
    prepared = prepared_by_another(compensation, matter, command.attested_by, command.decided_on)
    assert isinstance(prepared.event, RecoveryPrepared)
    _heard(claim, command.decided_on)  # a correction since then has asked for a new hearing
    application, rule_version = granted(compensation)
    return [
        RecoveryDecided(
            case_id=application.case_id,
            work_month=month,
            decided_on=command.decided_on,
            prepared_by=prepared.by,
            attested_by=command.attested_by,
            fault=prepared.event.fault,
            rule_version=rule_version,
            economy=Kronor(amount=claim.excess),
        )
    ]


def prepare_waiver(command: PrepareWaiver, compensation: Compensation) -> Sequence[Event]:
    """Refused: as `claimed`; `nothing-overpaid`, `set-off-under-way`."""
    month, claim = _overpaid(compensation, command.work_month)
    if claim.reserved:
        raise Refused("set-off-under-way")
    event = WaiverPrepared(
        work_month=month,
        prepared_by=command.prepared_by,
        prepared_on=command.prepared_on,
        ground=command.ground,
        economy=Reason(reason=command.reason),
    )
    known = compensation.prepared.get(matter_of("waiver", month))
    return [] if known is not None and known.event == event else [event]


def decide_waiver(command: DecideWaiver, compensation: Compensation) -> Sequence[Event]:
    """Refused: as `claimed` and `prepared_by_another`; `nothing-overpaid`, `set-off-under-way`."""
    month, claim = claimed(compensation, command.work_month)
    matter = matter_of("waiver", month)
    if is_attested(compensation, matter, command.attested_by, command.decided_on):
        return []
    _overpaid(compensation, command.work_month)
    if claim.reserved:
        raise Refused("set-off-under-way")
    prepared = prepared_by_another(compensation, matter, command.attested_by, command.decided_on)
    assert isinstance(prepared.event, WaiverPrepared)
    application, _ = granted(compensation)
    return [
        RecoveryWaived(
            case_id=application.case_id,
            work_month=month,
            decided_on=command.decided_on,
            prepared_by=prepared.by,
            attested_by=command.attested_by,
            ground=prepared.event.ground,
            economy=Waived(amount=claim.excess, of_recovery=claim.owed),
        )
    ]


def _overpaid(compensation: Compensation, work_month: date) -> tuple[date, Claim]:
    """Refused: as `claimed`; `economy-unreadable`, `nothing-overpaid`."""
    month, claim = claimed(compensation, work_month)
    if claim.credit is None:
        raise Refused("economy-unreadable")
    if not claim.excess:
        raise Refused("nothing-overpaid")
    return month, claim


def _heard(claim: Claim, day: date) -> None:
    """The party has answered, or its time to answer has passed (FL §25)."""
    hearing = claim.hearing
    if hearing is None:
        raise Refused("party-not-heard")
    if hearing.answered_on is None and day <= hearing.answer_by:
        raise Refused("hearing-still-open", answer_by=hearing.answer_by.isoformat())
