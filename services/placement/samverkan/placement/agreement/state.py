"""An agreement as its events left it. Pure: dates arrive in commands."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, assert_never
from uuid import UUID

from samverkan.placement.forms import FORMS, STRICTEST, Form
from samverkan.schemas.placement import (
    CertificateIssued,
    ChangeKind,
    DecisionRecorded,
    PlacementAgreed,
    PlacementApproved,
    PlacementCancelled,
    PlacementChanged,
    PlacementChangeDropped,
    PlacementChangeProposed,
    PlacementChangeReported,
    PlacementEndCorrected,
    PlacementEnded,
    PlacementExtended,
    PlacementExtensionAgreed,
    PlacementInterrupted,
    PlacementProposed,
    PlacementReactionRefused,
    PlacementResumed,
    PlacementStarted,
    Terms,
    UnionAsked,
    UnionConsulted,
    Workplace,
)

Event = (
    PlacementProposed
    | UnionAsked
    | UnionConsulted
    | PlacementApproved
    | PlacementAgreed
    | DecisionRecorded
    | PlacementStarted
    | PlacementCancelled
    | PlacementInterrupted
    | PlacementResumed
    | PlacementChangeProposed
    | PlacementChangeDropped
    | PlacementChanged
    | PlacementExtensionAgreed
    | PlacementExtended
    | PlacementChangeReported
    | PlacementEnded
    | PlacementEndCorrected
    | CertificateIssued
    | PlacementReactionRefused
)

State = Literal[
    "none", "draft", "consulted", "agreed", "decided", "refused", "started", "interrupted", "ended", "cancelled"
]


@dataclass(frozen=True)
class Applies:
    """What holds at the workplace from `since` on; None before the start is agreed. `extent` a share of full time."""

    since: date
    ends_on: date
    extent: Decimal
    workplace: Workplace | None
    terms: Terms | None


@dataclass(frozen=True)
class Change:
    """A change of a running placement that is not yet in force. `agreed_on`: all approved, the decision is awaited."""

    revision: int
    kinds: tuple[ChangeKind, ...]
    applies: Applies
    agreed_on: date | None = None


@dataclass(frozen=True)
class Agreement:
    """What later decisions rest on; None and empty until it has happened. `revision` counts every proposal made."""

    proposed: PlacementProposed | None = None
    revision: int = 0
    applies: Applies | None = None
    asked: UnionAsked | None = None
    consulted: UnionConsulted | None = None
    approvals: tuple[PlacementApproved, ...] = ()
    agreed_on: date | None = None
    was_agreed: bool = False
    decision: DecisionRecorded | None = None
    starts_on: date | None = None
    interrupted: PlacementInterrupted | None = None
    resumed_on: date | None = None
    change: Change | None = None
    reports: frozenset[UUID] = frozenset()
    ended: PlacementEnded | None = None
    cancelled_on: date | None = None
    certificate: CertificateIssued | None = None

    @property
    def state(self) -> State:
        """How far it has come; `refused` is funding's no, also one that came later: a new decision can lift it."""
        if self.proposed is None:
            return "none"
        if self.cancelled_on is not None:
            return "cancelled"
        if self.ended is not None:
            return "ended"
        if self.starts_on is not None:
            return "started" if self.interrupted is None else "interrupted"
        if self.agreed_on is not None:
            if self.decision is None or not self.form.needs_decision:
                return "agreed"
            revoked_from = self.decision.revoked_from
            revoked = revoked_from is not None and revoked_from <= self.proposed.starts_on
            return "decided" if self.decision.granted and not revoked else "refused"
        return "draft" if self.consulted is None else "consulted"

    @property
    def form(self) -> Form:
        """The steps of the form. One released by a newer version needs all of them: the strict reading."""
        return STRICTEST if self.proposed is None else FORMS.get(self.proposed.form, STRICTEST)


def evolve(agreement: Agreement, event: Event) -> Agreement:
    """Fold one recorded event into the state; what has happened is never refused."""
    match event:
        case PlacementProposed():
            return _proposed(agreement, event)
        case UnionAsked():
            return replace(agreement, asked=event)
        case UnionConsulted():
            return replace(agreement, consulted=event)
        case PlacementApproved():
            return replace(agreement, approvals=(*agreement.approvals, event))
        case PlacementAgreed(agreed_on=day):
            return replace(agreement, agreed_on=day, was_agreed=True)
        case DecisionRecorded():
            return replace(agreement, decision=event)
        case PlacementStarted(starts_on=day):
            return replace(agreement, starts_on=day)
        case PlacementInterrupted():
            return replace(agreement, interrupted=event)
        case PlacementResumed(resumed_on=day):
            return replace(agreement, interrupted=None, resumed_on=day)
        case PlacementChangeProposed():
            applies = _applies(event)
            change = Change(event.revision, event.kinds, applies)
            return replace(agreement, change=change, revision=event.revision, approvals=())
        case PlacementExtensionAgreed(agreed_on=day) if agreement.change is not None:
            return replace(agreement, change=replace(agreement.change, agreed_on=day))
        case PlacementChanged():
            return replace(agreement, change=None, applies=_applies(event))
        case PlacementExtended():
            return replace(agreement, change=None, applies=_extended(agreement, event))
        case PlacementChangeDropped():
            return replace(agreement, change=None, approvals=())
        case PlacementChangeReported(receipt_id=receipt):
            return replace(agreement, reports=agreement.reports | {receipt})
        case PlacementEnded():
            return replace(agreement, ended=event, change=None, interrupted=None)
        case PlacementEndCorrected(case_id=case_id, last_day_on=day, outcome=outcome, was_last_day_on=was):
            ended = PlacementEnded(case_id=case_id, last_day_on=day, outcome=outcome)
            return replace(agreement, ended=ended, certificate=agreement.certificate if day == was else None)
        case PlacementCancelled(cancelled_on=day):
            return replace(agreement, cancelled_on=day)
        case CertificateIssued():
            return replace(agreement, certificate=event)
        case PlacementExtensionAgreed() | PlacementReactionRefused():
            return agreement
        case _:
            assert_never(event)


def _proposed(agreement: Agreement, event: PlacementProposed) -> Agreement:
    return replace(
        agreement,
        proposed=event,
        revision=event.revision or 1,
        applies=Applies(event.starts_on, event.ends_on, event.extent, event.employment, event.economy),
        asked=agreement.asked if event.keeps_consultation else None,
        consulted=agreement.consulted if event.keeps_consultation else None,
        decision=agreement.decision if event.keeps_decision else None,
        approvals=(),
        agreed_on=None,
    )


def _applies(event: PlacementChangeProposed | PlacementChanged) -> Applies:
    return Applies(event.applies_from, event.ends_on, event.extent, event.employment, event.economy)


def _extended(agreement: Agreement, event: PlacementExtended) -> Applies:
    """Only the last day moves; what applies goes on applying since when it did."""
    now = agreement.applies
    workplace = None if now is None else now.workplace
    since = event.applies_from if now is None else now.since
    return Applies(since, event.ends_on, event.extent, workplace, event.economy)
