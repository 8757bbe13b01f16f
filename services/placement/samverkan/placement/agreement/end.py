"""The last day with its outcome, its correction, and the certificate after a placement without pay. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from samverkan.backbone.errors import Refused
from samverkan.placement.agreement.proposal import refuse_over
from samverkan.placement.agreement.state import Agreement, Event
from samverkan.schemas.placement import (
    Certificate,
    CertificateIssued,
    Outcome,
    PlacementEndCorrected,
    PlacementEnded,
    PlacementProposed,
)


@dataclass(frozen=True)
class EndPlacement:
    """The participant's last day at the workplace."""

    last_day_on: date
    outcome: Outcome


@dataclass(frozen=True)
class CorrectEnd:
    """The end was recorded wrongly. One that has not ended at all has the last agreed day as its last.

    `next_starts_on`: when a placement that follows this one began; None while none has.
    """

    last_day_on: date
    outcome: Outcome
    corrected_on: date
    next_starts_on: date | None = None


@dataclass(frozen=True)
class IssueCertificate:
    """The supervisor certifies what the participant did. `assessment`: in the supervisor's own words."""

    issued_on: date
    assessment: str | None = None
    withheld: bool = False


def end(command: EndPlacement, agreement: Agreement, proposed: PlacementProposed) -> Sequence[Event]:
    """Refused: `not-started`, `ends-before-start`, `ends-after-period`, and `already-ended` in another way."""
    ended = PlacementEnded(case_id=proposed.case_id, last_day_on=command.last_day_on, outcome=command.outcome)
    if agreement.ended == ended:
        return []
    refuse_over(agreement)
    if agreement.starts_on is None or agreement.applies is None:
        raise Refused("not-started")
    _refuse_outside(command.last_day_on, agreement.starts_on, agreement.applies.ends_on)
    return [ended]


def correct_end(command: CorrectEnd, agreement: Agreement, proposed: PlacementProposed) -> Sequence[Event]:
    """Refused: `not-ended`, `ends-before-start`, `ends-after-period`, `next-started`. A certificate of another last day
    is to be issued anew."""
    was, applies = agreement.ended, agreement.applies
    if was is None or agreement.starts_on is None or applies is None:
        raise Refused("not-ended")
    if (was.last_day_on, was.outcome) == (command.last_day_on, command.outcome):
        return []
    _refuse_outside(command.last_day_on, agreement.starts_on, applies.ends_on)
    if command.next_starts_on is not None and command.last_day_on >= command.next_starts_on:
        raise Refused("next-started", starts_on=command.next_starts_on.isoformat())
    return [
        PlacementEndCorrected(
            case_id=proposed.case_id,
            last_day_on=command.last_day_on,
            outcome=command.outcome,
            was_last_day_on=was.last_day_on,
            was_outcome=was.outcome,
            corrected_on=command.corrected_on,
        )
    ]


def certify(command: IssueCertificate, agreement: Agreement, proposed: PlacementProposed) -> Sequence[Event]:
    """Refused: `certificate-not-given`, `not-ended`, `certified-before-end`, and `already-certified` otherwise."""
    form, applies = agreement.form, agreement.applies
    if not form.needs_certificate:
        raise Refused("certificate-not-given", form=proposed.form)
    if agreement.ended is None or agreement.starts_on is None or applies is None:
        raise Refused("not-ended")
    if command.issued_on < agreement.ended.last_day_on:
        raise Refused("certified-before-end", last_day_on=agreement.ended.last_day_on.isoformat())
    work = applies.workplace
    issued = CertificateIssued(
        case_id=proposed.case_id,
        issued_on=command.issued_on,
        started_on=agreement.starts_on,
        last_day_on=agreement.ended.last_day_on,
        extent=applies.extent,
        employment=None
        if work is None or command.withheld
        else Certificate(
            employer_name=work.employer_name,
            workplace=work.workplace,
            supervisor=work.supervisor,
            tasks=work.tasks,
            assessment=command.assessment,
        ),
    )
    if agreement.certificate == issued:
        return []
    if agreement.certificate is not None:
        raise Refused("already-certified", issued_on=agreement.certificate.issued_on.isoformat())
    return [issued]


def _refuse_outside(last_day_on: date, starts_on: date, ends_on: date) -> None:
    if last_day_on < starts_on:
        raise Refused("ends-before-start", starts_on=starts_on.isoformat())
    if last_day_on > ends_on:
        raise Refused("ends-after-period", ends_on=ends_on.isoformat())
