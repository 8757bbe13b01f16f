"""Revoking a decision from a day on, and the end of a decided period. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.amendment import wrong_months
from samverkan.funding.compensation.evolve import Event
from samverkan.funding.compensation.in_force import granted, settled
from samverkan.funding.compensation.state import Compensation, State
from samverkan.funding.compensation.two_persons import is_attested, prepared_by_another
from samverkan.schemas.decisions import CompensationExpired, CompensationRevoked, RevocationPrepared
from samverkan.schemas.recovery import CorrectionCause

_MATTER = "revocation"


class RevocationGround(StrEnum):
    """Why a decision is revoked; the decision letter explains it."""

    CONDITIONS_NOT_MET = "conditions-not-met"
    FALSE_STATEMENTS = "false-statements"
    EMPLOYER_NO_LONGER_ELIGIBLE = "employer-no-longer-eligible"
    NEVER_STARTED = "never-started"


@dataclass(frozen=True)
class PrepareRevocation:
    """A handläggare prepares it; one that was prepared before and not attested is replaced."""

    prepared_by: str
    prepared_on: date
    revoked_from: date
    ground: RevocationGround


@dataclass(frozen=True)
class AttestRevocation:
    """Another one decides it."""

    attested_by: str
    decided_on: date


@dataclass(frozen=True)
class ExpireCompensation:
    """The decided period may be over."""

    today: date


def prepare_revocation(command: PrepareRevocation, compensation: Compensation) -> Sequence[Event]:
    """Refused: as `settled`; `revocation-outside-decision`."""
    application, _ = settled(compensation)
    ends_on = compensation.ends_on
    assert ends_on is not None
    if not application.starts_on <= command.revoked_from <= ends_on:
        raise Refused("revocation-outside-decision")
    event = RevocationPrepared(
        prepared_by=command.prepared_by,
        prepared_on=command.prepared_on,
        revoked_from=command.revoked_from,
        ground=command.ground,
    )
    known = compensation.prepared.get(_MATTER)
    return [] if known is not None and known.event == event else [event]


def attest_revocation(command: AttestRevocation, compensation: Compensation) -> Sequence[Event]:
    """Refused: as `settled` and `prepared_by_another`. Computed months after it need a correction."""
    if is_attested(compensation, _MATTER, command.attested_by, command.decided_on):
        return []
    application, _ = settled(compensation)
    prepared = prepared_by_another(compensation, _MATTER, command.attested_by, command.decided_on)
    event = prepared.event
    assert isinstance(event, RevocationPrepared)
    return [
        CompensationRevoked(
            case_id=application.case_id,
            placement_id=application.placement_id,
            decided_on=command.decided_on,
            prepared_by=prepared.by,
            attested_by=command.attested_by,
            revoked_from=event.revoked_from,
            ground=event.ground,
        ),
        *wrong_months(compensation, event.revoked_from, CorrectionCause.DECISION_CHANGED),
    ]


def expire(command: ExpireCompensation, compensation: Compensation) -> Sequence[Event]:
    """Refused: `not-granted`, `not-over-yet`. A revoked, reviewed or appealed decision does not expire meanwhile."""
    application, _ = granted(compensation)
    ends_on = compensation.ends_on
    assert ends_on is not None
    if compensation.expired_on is not None:
        return []
    if command.today <= ends_on:
        raise Refused("not-over-yet", ends_on=ends_on.isoformat())
    if compensation.state not in (State.GRANTED, State.AMENDED):
        return []
    return [CompensationExpired(case_id=application.case_id, placement_id=application.placement_id, ended_on=ends_on)]
