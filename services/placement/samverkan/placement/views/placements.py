"""Every agreement with how far it has come. Pure fold; the columns are owned by placement's own topic."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar, Final, get_args
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.placement.agreement.state import Event
from samverkan.placement.forms import FORMS, STRICTEST
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import (
    CertificateIssued,
    DecisionRecorded,
    PlacementAgreed,
    PlacementApproved,
    PlacementCancelled,
    PlacementChanged,
    PlacementChangeDropped,
    PlacementChangeProposed,
    PlacementEndCorrected,
    PlacementEnded,
    PlacementExtended,
    PlacementExtensionAgreed,
    PlacementInterrupted,
    PlacementProposed,
    PlacementResumed,
    PlacementStarted,
    Terms,
    UnionAsked,
    UnionConsulted,
    Workplace,
)

OF_AGREEMENTS: Final = get_args(Event)


@dataclass(frozen=True)
class PlacementRow:
    """One agreement as it applies now. Money in kronor per month; `approved_by` in the order in which they approved.

    `state` is the aggregate's. `revision` is the one that approvals are for, `covered_until` the last day of funding's
    decision as it is now, `revoked_from` the day from which on it was revoked. `follows` and `step` are its place in
    the chain. `change_revision` is a change that waits, `change_agreed_on` when all had approved it and only the
    decision lacks.
    """

    placement_id: UUID
    case_id: UUID | None = None
    version: int = 0
    state: str = "draft"
    form: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    extent: Decimal | None = None
    parties: tuple[str, ...] = ()
    approved_by: tuple[str, ...] = ()
    employer_number: str | None = None
    employer_name: str | None = None
    workplace: str | None = None
    supervisor: str | None = None
    tasks: tuple[str, ...] = ()
    gross_per_month: Decimal | None = None
    birth_year: int | None = None
    union_opinion: str | None = None
    consulted_on: date | None = None
    agreed_on: date | None = None
    compensation_id: UUID | None = None
    granted: bool | None = None
    decided_on: date | None = None
    started_on: date | None = None
    last_day_on: date | None = None
    outcome: str | None = None
    revision: int = 0
    asked_on: date | None = None
    reply_by: date | None = None
    covered_until: date | None = None
    follows: UUID | None = None
    step: int = 1
    opening_id: UUID | None = None
    cancelled_on: date | None = None
    interrupted_from: date | None = None
    expected_until: date | None = None
    resumed_on: date | None = None
    change_revision: int | None = None
    change_agreed_on: date | None = None
    certificate_on: date | None = None
    revoked_from: date | None = None


class Placements(View[PlacementRow]):
    """Every agreement, with how far it has come."""

    table: ClassVar = "placement"
    row: ClassVar = PlacementRow
    events: ClassVar = OF_AGREEMENTS

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per agreement."""
        return [recorded.stream_id]

    def fold(self, row: PlacementRow, recorded: Recorded) -> PlacementRow:
        """Take over what the event says."""
        row = replace(row, version=recorded.envelope.version)
        match recorded.event:
            case PlacementStarted(starts_on=day):
                return replace(row, state="started", started_on=day)
            case PlacementInterrupted() as away:
                return replace(
                    row,
                    state="interrupted",
                    interrupted_from=away.interrupted_from,
                    expected_until=away.expected_until,
                    resumed_on=None,
                )
            case PlacementResumed(resumed_on=day):
                return replace(row, state="started", resumed_on=day)
            case PlacementEnded(last_day_on=day, outcome=outcome):
                row = replace(row, state="ended", last_day_on=day, outcome=outcome.value)
                return replace(row, change_revision=None, change_agreed_on=None)
            case PlacementEndCorrected(last_day_on=day, outcome=outcome, was_last_day_on=was):
                row = replace(row, last_day_on=day, outcome=outcome.value)
                return row if day == was else replace(row, certificate_on=None)
            case PlacementCancelled(cancelled_on=day):
                return replace(row, state="cancelled", cancelled_on=day)
            case CertificateIssued(issued_on=day):
                return replace(row, certificate_on=day)
            case _:
                return _before_the_start(_changed(row, recorded), recorded)


def _before_the_start(row: PlacementRow, recorded: Recorded) -> PlacementRow:
    match recorded.event:
        case PlacementProposed() as proposed:
            return _proposed(row, proposed)
        case UnionAsked(asked_on=day, reply_by=reply_by):
            return replace(row, asked_on=day, reply_by=reply_by)
        case UnionConsulted() as consulted:
            state = "consulted" if row.state == "draft" else row.state
            row = replace(row, state=state, reply_by=consulted.reply_by or row.reply_by)
            return replace(row, union_opinion=consulted.opinion.value, consulted_on=consulted.consulted_on)
        case PlacementApproved(party=party):
            return replace(row, approved_by=(*row.approved_by, party))
        case PlacementAgreed(agreed_on=day):
            row = replace(row, agreed_on=day)
            return replace(row, state=_agreed_state(row))
        case DecisionRecorded() as decision:
            row = replace(
                row,
                compensation_id=decision.compensation_id,
                granted=decision.granted,
                decided_on=decision.decided_on,
                covered_until=_covered_until(decision),
                revoked_from=decision.revoked_from,
            )
            return replace(row, state=_agreed_state(row)) if row.state in _AGREED else row
        case _:
            return row


def _changed(row: PlacementRow, recorded: Recorded) -> PlacementRow:
    match recorded.event:
        case PlacementChangeProposed(revision=revision):
            return replace(row, revision=revision, approved_by=(), change_revision=revision, change_agreed_on=None)
        case PlacementChangeDropped():
            return replace(row, approved_by=(), change_revision=None, change_agreed_on=None)
        case PlacementExtensionAgreed(agreed_on=day):
            return replace(row, change_agreed_on=day)
        case PlacementChanged() as event:
            row = _with_workplace(_with_terms(row, event.economy), event.employment)
        case PlacementExtended() as event:
            row = _with_terms(row, event.economy)
        case _:
            return row
    return replace(row, change_revision=None, change_agreed_on=None, ends_on=event.ends_on, extent=event.extent)


_AGREED: Final = frozenset({"agreed", "decided", "refused"})


def _agreed_state(row: PlacementRow) -> str:
    form = STRICTEST if row.form is None else FORMS.get(Programme(row.form), STRICTEST)
    if row.granted is None or not form.needs_decision:
        return "agreed"
    revoked = row.revoked_from is not None and row.starts_on is not None and row.revoked_from <= row.starts_on
    return "decided" if row.granted and not revoked else "refused"


def _covered_until(decision: DecisionRecorded) -> date | None:
    if decision.revoked_from is None:
        return decision.ends_on
    before = decision.revoked_from - timedelta(days=1)
    return before if decision.ends_on is None else min(before, decision.ends_on)


def _proposed(row: PlacementRow, proposed: PlacementProposed) -> PlacementRow:
    """A revision takes back the approvals, and what of opinion and decision does not fit it."""
    row = replace(
        row,
        case_id=proposed.case_id,
        form=proposed.form.value,
        starts_on=proposed.starts_on,
        ends_on=proposed.ends_on,
        extent=proposed.extent,
        parties=proposed.parties,
        revision=proposed.revision or 1,
        follows=proposed.follows,
        step=proposed.step or 1,
        approved_by=(),
        agreed_on=None,
    )
    if not proposed.keeps_consultation:
        row = replace(row, asked_on=None, reply_by=None, union_opinion=None, consulted_on=None)
    if not proposed.keeps_decision:
        row = replace(row, compensation_id=None, granted=None, decided_on=None, covered_until=None)
        row = replace(row, revoked_from=None)
    row = replace(row, state="draft" if row.consulted_on is None else "consulted")
    return _with_workplace(_with_terms(row, proposed.economy), proposed.employment)


def _with_workplace(row: PlacementRow, work: Workplace | None) -> PlacementRow:
    if work is None:
        return row
    return replace(
        row,
        employer_number=work.employer_number,
        employer_name=work.employer_name,
        workplace=work.workplace,
        supervisor=work.supervisor,
        tasks=work.tasks,
        opening_id=work.opening_id,
    )


def _with_terms(row: PlacementRow, terms: Terms | None) -> PlacementRow:
    if terms is None:
        return row
    return replace(row, gross_per_month=terms.gross_per_month, birth_year=terms.birth_year)
