"""Example states and commands of placement's aggregates: docs/states/ shows what each pair leads to."""

from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from samverkan.backbone.testing.machine import Machine
from samverkan.placement.agreement import (
    AGREEMENT,
    Agreement,
    ApprovePlacement,
    EndPlacement,
    ProposePlacement,
    RecordDecision,
    RecordUnionOpinion,
    StartPlacement,
    decide,
    evolve,
)
from samverkan.schemas.event import Event
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import Outcome, Terms, UnionOpinion, Workplace

_CASE, _COMPENSATION = UUID(int=1), UUID(int=2)
_FEBRUARY, _START, _LAST = date(2026, 2, 10), date(2026, 3, 2), date(2027, 2, 28)


def _state(agreement: Agreement) -> str:
    if agreement.proposed is None:
        return "none"
    if agreement.ended is not None:
        return "ended"
    if agreement.starts_on is not None:
        return "started"
    if agreement.decision is not None:
        return "decided" if agreement.decision.granted else "refused"
    if agreement.agreed_on is not None:
        return "agreed"
    return "draft" if agreement.consulted is None else "consulted"


_PROPOSE: Final = ProposePlacement(
    case_id=_CASE,
    form=Programme.INTRODUKTIONSJOBB,
    starts_on=_START,
    ends_on=_LAST,
    extent=Decimal(1),
    parties=("participant", "employer", "af"),
    workplace=Workplace(
        employer_number="2120002395", employer_name="Timrå kommun", workplace="Ledsagarservice", supervisor="Handledare"
    ),
    terms=Terms(gross_per_month=Decimal(24000), birth_year=1988),
)
_CONSULT: Final = RecordUnionOpinion(UnionOpinion.YES, _FEBRUARY)
_APPROVE: Final = tuple(ApprovePlacement(party, _FEBRUARY) for party in ("participant", "employer", "af"))
_GRANTED: Final = RecordDecision(_COMPENSATION, granted=True, decided_on=_FEBRUARY)
_REFUSED: Final = RecordDecision(_COMPENSATION, granted=False, decided_on=_FEBRUARY)
_BEGIN: Final = StartPlacement(_START)
_END: Final = EndPlacement(date(2026, 3, 16), Outcome.JOB)


def _after(*commands: object) -> list[Event]:
    """The history that these commands lead to."""
    state, events = Agreement(), list[Event]()
    for command in commands:
        made = decide(command, state)  # type: ignore[arg-type]
        events += made
        for event in made:
            state = evolve(state, event)
    return events


_AGREED: Final = (_PROPOSE, _CONSULT, *_APPROVE)

_AGREEMENT: Final = Machine(
    AGREEMENT,
    states={
        "none": (),
        "draft": _after(_PROPOSE),
        "consulted": _after(_PROPOSE, _CONSULT),
        "consulted, one approval missing": _after(_PROPOSE, _CONSULT, *_APPROVE[:2]),
        "agreed": _after(*_AGREED),
        "agreed without consultation": _after(_PROPOSE, *_APPROVE),
        "decided": _after(*_AGREED, _GRANTED),
        "refused": _after(*_AGREED, _REFUSED),
        "started": _after(*_AGREED, _GRANTED, _BEGIN),
        "ended": _after(*_AGREED, _GRANTED, _BEGIN, _END),
    },
    commands={
        "ProposePlacement": _PROPOSE,
        "RecordUnionOpinion": _CONSULT,
        "ApprovePlacement by AF": _APPROVE[-1],
        "ApprovePlacement by one who is no party": ApprovePlacement("fk", _FEBRUARY),
        "RecordDecision granted": _GRANTED,
        "RecordDecision refused": _REFUSED,
        "StartPlacement": _BEGIN,
        "StartPlacement on another day": StartPlacement(date(2026, 3, 3)),
        "EndPlacement": _END,
    },
    name_of=_state,
    names=("none", "draft", "consulted", "agreed", "decided", "refused", "started", "ended"),
)

MACHINES: Final = (_AGREEMENT,)
