"""Särskilda skäl: a forfeited month is paid all the same. Two persons, and the month is computed anew. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from samverkan.backbone.calendar import first_of_month
from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.claim_state import Claim
from samverkan.funding.compensation.evolve import Event
from samverkan.funding.compensation.evolve_claim import matter_of
from samverkan.funding.compensation.in_force import granted
from samverkan.funding.compensation.segments import amounts, supported
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.compensation.two_persons import is_attested, prepared_by_another
from samverkan.funding.deadlines import credit_by
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.schemas.decisions import Reason
from samverkan.schemas.funding import ClaimCalculated
from samverkan.schemas.recovery import ClaimReopened, ReopeningPrepared


class ReopeningGround(StrEnum):
    """What kept the employer from claiming in time (SFS 2018:42 §31, särskilda skäl)."""

    LATE_DECISION = "late-decision"
    AUTHORITY_ERROR = "authority-error"
    FORCE_MAJEURE = "force-majeure"
    OTHER = "other"


@dataclass(frozen=True)
class PrepareReopening:
    """A handläggare prepares it, and says why."""

    work_month: date
    ground: ReopeningGround
    reason: str
    prepared_by: str
    prepared_on: date


@dataclass(frozen=True)
class AttestReopening:
    """Another one decides it."""

    work_month: date
    attested_by: str
    decided_on: date


def prepare_reopening(command: PrepareReopening, compensation: Compensation) -> Sequence[Event]:
    """Refused: `not-granted`, `not-claimed`, `not-forfeited`."""
    month, _ = _forfeited(compensation, command.work_month)
    event = ReopeningPrepared(
        work_month=month,
        prepared_by=command.prepared_by,
        prepared_on=command.prepared_on,
        ground=command.ground,
        economy=Reason(reason=command.reason),
    )
    known = compensation.prepared.get(matter_of("reopening", month))
    return [] if known is not None and known.event == event else [event]


def attest_reopening(rules: Rulebook, command: AttestReopening, compensation: Compensation) -> Sequence[Event]:
    """Refused: as `prepare_reopening` and `prepared_by_another`; `economy-unreadable`, and as `amounts`."""
    matter = matter_of("reopening", first_of_month(command.work_month))
    if is_attested(compensation, matter, command.attested_by, command.decided_on):
        return []
    month, claim = _forfeited(compensation, command.work_month)
    prepared = prepared_by_another(compensation, matter, command.attested_by, command.decided_on)
    assert isinstance(prepared.event, ReopeningPrepared)
    application, rule_version = granted(compensation)
    if claim.gross_paid is None:
        raise Refused("economy-unreadable")
    assert claim.supported_from is not None
    segments = supported(compensation, month, claim.supported_from, claim.supported_until)
    return [
        ClaimReopened(
            case_id=application.case_id,
            work_month=month,
            decided_on=command.decided_on,
            prepared_by=prepared.by,
            attested_by=command.attested_by,
            ground=prepared.event.ground,
        ),
        ClaimCalculated(
            case_id=application.case_id,
            work_month=month,
            credit_by=credit_by(rules, command.decided_on),
            rule_version=rule_version,
            economy=amounts(rules, compensation, month, claim.gross_paid, segments),
        ),
    ]


def _forfeited(compensation: Compensation, work_month: date) -> tuple[date, Claim]:
    granted(compensation)
    month = first_of_month(work_month)
    claim = compensation.claims.get(month)
    if claim is None or not claim.submitted:
        raise Refused("not-claimed")
    if not claim.forfeited:
        raise Refused("not-forfeited")
    return month, claim
