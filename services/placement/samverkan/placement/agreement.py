"""A placement agreement: who approved it, and when it may start. Pure: dates arrive in commands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, assert_never
from uuid import UUID

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.placement import organisation_number
from samverkan.placement.forms import FORMS, Form
from samverkan.schemas.catalogue import AGENCIES, PLACEMENT
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import (
    ConsultationReason,
    DecisionRecorded,
    Outcome,
    PlacementAgreed,
    PlacementApproved,
    PlacementEnded,
    PlacementProposed,
    PlacementReactionRefused,
    PlacementStarted,
    Terms,
    UnionConsulted,
    UnionOpinion,
    Workplace,
)

UNION_REPLY_DAYS: Final = 10  # AF's usual time to reply, if it states none (SFS 2000:628 §9a gives no number)
# An agreement has at least these three; the municipality is the fourth where it is not the employer itself.
ALWAYS_PARTIES: Final = frozenset({"participant", "employer", "af"})
POSSIBLE_PARTIES: Final = ALWAYS_PARTIES | {known.code for known in AGENCIES}

Event = (
    PlacementProposed
    | UnionConsulted
    | PlacementApproved
    | PlacementAgreed
    | DecisionRecorded
    | PlacementStarted
    | PlacementEnded
    | PlacementReactionRefused
)


@dataclass(frozen=True)
class ProposePlacement:
    """Draft an agreement. `extent` is a share of full time, pay in kronor per month at that extent."""

    case_id: UUID
    form: Programme
    starts_on: date
    ends_on: date
    extent: Decimal
    parties: tuple[str, ...]
    workplace: Workplace
    terms: Terms | None = None


@dataclass(frozen=True)
class RecordUnionOpinion:
    """The union answered, or did not answer in time. `reason`: why AF goes on although the union said no."""

    opinion: UnionOpinion
    consulted_on: date
    asked_on: date | None = None
    reply_by: date | None = None
    reason: str | None = None


@dataclass(frozen=True)
class ApprovePlacement:
    """One party approves the agreement as proposed."""

    party: str
    approved_on: date


@dataclass(frozen=True)
class RecordDecision:
    """Funding decided."""

    compensation_id: UUID
    granted: bool
    decided_on: date


@dataclass(frozen=True)
class StartPlacement:
    """The participant begins at the workplace."""

    starts_on: date


@dataclass(frozen=True)
class EndPlacement:
    """The participant's last day at the workplace."""

    last_day_on: date
    outcome: Outcome


Command = ProposePlacement | RecordUnionOpinion | ApprovePlacement | RecordDecision | StartPlacement | EndPlacement


@dataclass(frozen=True)
class Agreement:
    """What later decisions rest on; None and empty until it has happened."""

    proposed: PlacementProposed | None = None
    consulted: UnionConsulted | None = None
    approvals: tuple[PlacementApproved, ...] = ()
    agreed_on: date | None = None
    decision: DecisionRecorded | None = None
    starts_on: date | None = None
    ended: PlacementEnded | None = None


def decide(command: Command, agreement: Agreement) -> Sequence[Event]:
    """Return what the command leads to; nothing when it was already carried out."""
    if isinstance(command, ProposePlacement):
        return _propose(command, agreement)
    if agreement.proposed is None:
        raise Refused("placement-unknown")
    match command:
        case RecordUnionOpinion():
            return _consult(command, agreement, agreement.proposed)
        case ApprovePlacement():
            return _approve(command, agreement, agreement.proposed)
        case RecordDecision():
            decision = DecisionRecorded(
                compensation_id=command.compensation_id, granted=command.granted, decided_on=command.decided_on
            )
            return [] if decision == agreement.decision else [decision]
        case StartPlacement():
            return _start(command, agreement, agreement.proposed)
        case EndPlacement():
            return _end(command, agreement, agreement.proposed)
        case _:
            assert_never(command)


def evolve(agreement: Agreement, event: Event) -> Agreement:
    """Fold one recorded event into the state; what has happened is never refused."""
    match event:
        case PlacementProposed():
            return replace(agreement, proposed=event)
        case UnionConsulted():
            return replace(agreement, consulted=event)
        case PlacementApproved():
            return replace(agreement, approvals=(*agreement.approvals, event))
        case PlacementAgreed(agreed_on=day):
            return replace(agreement, agreed_on=day)
        case DecisionRecorded():
            return replace(agreement, decision=event)
        case PlacementStarted(starts_on=day):
            return replace(agreement, starts_on=day)
        case PlacementEnded():
            return replace(agreement, ended=event)
        case PlacementReactionRefused():
            return agreement
        case _:
            assert_never(event)


def refusal(command: object, refused: Refused) -> PlacementReactionRefused:
    """What is recorded when another service's event asks for something that the rules refuse."""
    return PlacementReactionRefused(command=type(command).__name__, code=refused.code)


AGREEMENT: Final = Aggregate("agreement", PLACEMENT.name, Agreement(), decide, evolve, refusal)


def _propose(command: ProposePlacement, agreement: Agreement) -> Sequence[Event]:
    form = FORMS.get(command.form)
    if form is None:
        raise Refused("form-not-a-placement", form=command.form)
    if command.ends_on < command.starts_on:
        raise Refused("ends-before-start", starts_on=command.starts_on.isoformat())
    if not (command.extent.is_finite() and 0 < command.extent <= 1):
        raise Refused("extent-outside-range")
    parties = tuple(sorted(set(command.parties)))
    if missing := ALWAYS_PARTIES.difference(parties):
        raise Refused("party-missing", parties=", ".join(sorted(missing)))
    if set(parties) - POSSIBLE_PARTIES:
        raise Refused("party-unknown")
    if form.has_wage and command.terms is None:
        raise Refused("terms-missing", form=command.form)
    if command.terms is not None and not form.has_wage:
        raise Refused("terms-without-wage", form=command.form)
    employer_number = organisation_number.parse(command.workplace.employer_number)
    proposed = PlacementProposed(
        case_id=command.case_id,
        form=command.form,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        extent=command.extent,
        parties=parties,
        employment=command.workplace.model_copy(update={"employer_number": employer_number}),
        economy=command.terms,
    )
    if agreement.proposed is None:
        return [proposed]
    if agreement.proposed == proposed:
        return []
    raise Refused("already-proposed")


def _consult(command: RecordUnionOpinion, agreement: Agreement, proposed: PlacementProposed) -> Sequence[Event]:
    form = _form(proposed)
    if not form.needs_union:
        raise Refused("union-not-needed", source=form.union_source)
    reply_by = command.reply_by
    if reply_by is None and command.asked_on is not None:
        reply_by = command.asked_on + timedelta(days=UNION_REPLY_DAYS)
    if command.opinion is UnionOpinion.NO_REPLY:
        if reply_by is None:
            raise Refused("reply-date-missing")
        if command.consulted_on <= reply_by:
            raise Refused("reply-date-not-passed", reply_by=reply_by.isoformat())
    if command.opinion is UnionOpinion.NO and command.reason is None:
        raise Refused("reason-missing")
    consulted = UnionConsulted(
        opinion=command.opinion,
        consulted_on=command.consulted_on,
        reply_by=reply_by,
        employment=None if command.reason is None else ConsultationReason(reason=command.reason),
    )
    if agreement.consulted is None:
        return [consulted]
    if agreement.consulted == consulted:
        return []
    raise Refused("already-consulted", consulted_on=agreement.consulted.consulted_on.isoformat())


def _approve(command: ApprovePlacement, agreement: Agreement, proposed: PlacementProposed) -> Sequence[Event]:
    if command.party not in proposed.parties:
        raise Refused("party-unknown")
    if any(approval.party == command.party for approval in agreement.approvals):
        return []  # approving twice is approving once, also on another day
    approved = PlacementApproved(party=command.party, approved_on=command.approved_on)
    approvals = (*agreement.approvals, approved)
    if {approval.party for approval in approvals} != set(proposed.parties):
        return [approved]
    agreed = PlacementAgreed(
        case_id=proposed.case_id,
        form=proposed.form,
        starts_on=proposed.starts_on,
        ends_on=proposed.ends_on,
        extent=proposed.extent,
        agreed_on=max(approval.approved_on for approval in approvals),
        employment=proposed.employment,
        economy=proposed.economy,
    )
    return [approved, agreed]


def _start(command: StartPlacement, agreement: Agreement, proposed: PlacementProposed) -> Sequence[Event]:
    if agreement.starts_on is not None:
        if agreement.starts_on == command.starts_on:
            return []  # the same start twice is one start
        raise Refused("already-started", starts_on=agreement.starts_on.isoformat())
    form = _form(proposed)
    if form.needs_union:
        if agreement.consulted is None:
            raise Refused("union-not-consulted", source=form.union_source)
        if command.starts_on < agreement.consulted.consulted_on:
            raise Refused("starts-before-consultation", consulted_on=agreement.consulted.consulted_on.isoformat())
    if agreement.agreed_on is None:
        raise Refused("not-agreed")
    if command.starts_on < agreement.agreed_on:
        raise Refused("starts-before-agreement", agreed_on=agreement.agreed_on.isoformat())
    if form.needs_decision:
        if agreement.decision is None:
            raise Refused("no-decision", source=form.decision_source)
        if not agreement.decision.granted:
            raise Refused("decision-refused", decided_on=agreement.decision.decided_on.isoformat())
        if command.starts_on < agreement.decision.decided_on:
            raise Refused("starts-before-decision", decided_on=agreement.decision.decided_on.isoformat())
    if not proposed.starts_on <= command.starts_on <= proposed.ends_on:
        raise Refused(
            "starts-outside-period", starts_on=proposed.starts_on.isoformat(), ends_on=proposed.ends_on.isoformat()
        )
    return [PlacementStarted(case_id=proposed.case_id, starts_on=command.starts_on)]


def _end(command: EndPlacement, agreement: Agreement, proposed: PlacementProposed) -> Sequence[Event]:
    ended = PlacementEnded(case_id=proposed.case_id, last_day_on=command.last_day_on, outcome=command.outcome)
    if agreement.ended is not None:
        if agreement.ended == ended:
            return []
        raise Refused("already-ended", last_day_on=agreement.ended.last_day_on.isoformat())
    if agreement.starts_on is None:
        raise Refused("not-started")
    if command.last_day_on < agreement.starts_on:
        raise Refused("ends-before-start", starts_on=agreement.starts_on.isoformat())
    if command.last_day_on > proposed.ends_on:
        raise Refused("ends-after-period", ends_on=proposed.ends_on.isoformat())
    return [ended]


def _form(proposed: PlacementProposed) -> Form:
    """The steps of the form. One released by a newer version needs all of them: the strict reading."""
    return FORMS.get(proposed.form, Form(needs_union=True, needs_decision=True, has_wage=True))
