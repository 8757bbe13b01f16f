"""Example states and commands of placement's aggregates: docs/states/ shows what each pair leads to."""

from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.testing.machine import Machine
from samverkan.backbone.testing.paper_machine import paper_machine
from samverkan.placement.agreement.agreement import AGREEMENT
from samverkan.placement.agreement.approval import ApprovePlacement
from samverkan.placement.agreement.change import DropChange, ProposeChange
from samverkan.placement.agreement.consultation import AskUnion, RecordUnionOpinion
from samverkan.placement.agreement.decision import AmendDecision, LiftRevocation, RecordDecision, RevokeDecision
from samverkan.placement.agreement.end import CorrectEnd, EndPlacement, IssueCertificate
from samverkan.placement.agreement.interruption import InterruptPlacement, ResumePlacement
from samverkan.placement.agreement.proposal import CancelPlacement, ProposePlacement, RevisePlacement
from samverkan.placement.agreement.report import AbsenceReport, EndReport, HoursReport, ReportChange
from samverkan.placement.agreement.start import StartPlacement
from samverkan.placement.employer import (
    EMPLOYER,
    DeregisterEmployer,
    RecordCheck,
    RegisterEmployer,
    RegisterWorkplace,
)
from samverkan.placement.opening import (
    OPENING,
    DeclineOpening,
    FillOpening,
    OfferOpening,
    PublishOpening,
    ReopenOpening,
    WithdrawOpening,
)
from samverkan.placement.placement_paper import PLACEMENT_PAPER
from samverkan.placement.profile import PROFILE, ShareProfile
from samverkan.schemas.employer import CheckKind, Conditions, Sector
from samverkan.schemas.event import Event
from samverkan.schemas.opening import OpeningWork, WorkProfile
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import AbsenceCause, Outcome, Terms, UnionOpinion, Workplace

_CASE, _COMPENSATION, _RECEIPT = UUID(int=1), UUID(int=2), UUID(int=3)
_FEBRUARY, _START, _LAST = date(2026, 2, 10), date(2026, 3, 2), date(2027, 2, 28)
_APRIL, _MAY, _LONGER = date(2026, 4, 20), date(2026, 5, 4), date(2027, 8, 31)


def led_to(aggregate: Aggregate[Any], *commands: object) -> list[Event]:
    """The events that these commands lead to, one after the other."""
    state, events = aggregate.initial, list[Event]()
    for command in commands:
        made = aggregate.decide(command, state)
        events += made
        state = aggregate.fold(made, state)
    return events


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
_PROPOSE_PRAKTIK: Final = ProposePlacement(
    case_id=_CASE,
    form=Programme.ARBETSPRAKTIK,
    starts_on=_START,
    ends_on=date(2026, 8, 31),
    extent=Decimal(1),
    parties=_PROPOSE.parties,
    workplace=_PROPOSE.workplace,
)
_ASK: Final = AskUnion(_FEBRUARY)
_CONSULT: Final = RecordUnionOpinion(UnionOpinion.YES, _FEBRUARY)
_REVISE: Final = RevisePlacement(ends_on=date(2026, 6, 30))
_CANCEL: Final = CancelPlacement(_FEBRUARY, "Arbetsplatsen har lagts ner")
_APPROVE: Final = tuple(ApprovePlacement(party, _FEBRUARY) for party in ("participant", "employer", "af"))
_GRANTED: Final = RecordDecision(_COMPENSATION, granted=True, decided_on=_FEBRUARY, ends_on=_LAST)
_SHORTENED: Final = AmendDecision(_COMPENSATION, _FEBRUARY, date(2026, 6, 30))
_REVOKED: Final = RevokeDecision(_COMPENSATION, _FEBRUARY, _START)
_LIFTED: Final = LiftRevocation(_COMPENSATION, _APRIL)
_REFUSED: Final = RecordDecision(_COMPENSATION, granted=False, decided_on=_FEBRUARY)
_LONGER_GRANTED: Final = RecordDecision(_COMPENSATION, granted=True, decided_on=_APRIL, ends_on=_LONGER)
_BEGIN: Final = StartPlacement(_START)
_AWAY: Final = InterruptPlacement(_APRIL, AbsenceCause.SICKNESS)
_BACK: Final = ResumePlacement(_MAY)
_HALF: Final = ProposeChange(_APRIL, extent=Decimal("0.5"))
_LONGER_TIME: Final = ProposeChange(_APRIL, ends_on=_LONGER)
_DROP: Final = DropChange(_APRIL)
_END: Final = EndPlacement(date(2026, 6, 16), Outcome.JOB)
_CORRECT: Final = CorrectEnd(date(2026, 6, 12), Outcome.STUDY, date(2026, 6, 18))
_CERTIFY: Final = IssueCertificate(date(2026, 6, 17))


_AGREED: Final = (_PROPOSE, _ASK, _CONSULT, *_APPROVE)
_STARTED: Final = (*_AGREED, _GRANTED, _BEGIN)
_PRAKTIK: Final = (_PROPOSE_PRAKTIK, _CONSULT, *_APPROVE, _BEGIN)

_AGREEMENT: Final = Machine(
    AGREEMENT,
    states={
        "none": (),
        "draft": led_to(AGREEMENT, _PROPOSE),
        "draft, union asked": led_to(AGREEMENT, _PROPOSE, _ASK),
        "consulted": led_to(AGREEMENT, _PROPOSE, _ASK, _CONSULT),
        "consulted, one approval missing": led_to(AGREEMENT, _PROPOSE, _CONSULT, *_APPROVE[:2]),
        "agreed": led_to(AGREEMENT, *_AGREED),
        "agreed without consultation": led_to(AGREEMENT, _PROPOSE, *_APPROVE),
        "agreed and revised": led_to(AGREEMENT, *_AGREED, _REVISE),
        "decided": led_to(AGREEMENT, *_AGREED, _GRANTED),
        "decided and shortened": led_to(AGREEMENT, *_AGREED, _GRANTED, _SHORTENED),
        "decided and revoked": led_to(AGREEMENT, *_AGREED, _GRANTED, _REVOKED),
        "refused": led_to(AGREEMENT, *_AGREED, _REFUSED),
        "started": led_to(AGREEMENT, *_STARTED),
        "started, the support shortened": led_to(AGREEMENT, *_STARTED, _SHORTENED),
        "started, other hours wait": led_to(AGREEMENT, *_STARTED, _HALF),
        "started, other hours apply": led_to(AGREEMENT, *_STARTED, _HALF, *_APPROVE),
        "started, a longer time is agreed": led_to(AGREEMENT, *_STARTED, _LONGER_TIME, *_APPROVE),
        "started, a longer time applies": led_to(AGREEMENT, *_STARTED, _LONGER_TIME, *_APPROVE, _LONGER_GRANTED),
        "started, without pay": led_to(AGREEMENT, *_PRAKTIK),
        "interrupted": led_to(AGREEMENT, *_STARTED, _AWAY),
        "started again": led_to(AGREEMENT, *_STARTED, _AWAY, _BACK),
        "ended": led_to(AGREEMENT, *_STARTED, _END),
        "ended, without pay": led_to(AGREEMENT, *_PRAKTIK, _END),
        "ended, the end corrected": led_to(AGREEMENT, *_STARTED, _END, _CORRECT),
        "ended and certified": led_to(AGREEMENT, *_PRAKTIK, _END, _CERTIFY),
        "cancelled": led_to(AGREEMENT, _PROPOSE, _CANCEL),
    },
    commands={
        "ProposePlacement": _PROPOSE,
        "RevisePlacement": _REVISE,
        "CancelPlacement": _CANCEL,
        "AskUnion": _ASK,
        "RecordUnionOpinion": _CONSULT,
        "ApprovePlacement by AF": _APPROVE[-1],
        "ApprovePlacement by one who is no party": ApprovePlacement("fk", _FEBRUARY),
        "RecordDecision granted": _GRANTED,
        "RecordDecision granted for longer": _LONGER_GRANTED,
        "RecordDecision refused": _REFUSED,
        "AmendDecision": _SHORTENED,
        "RevokeDecision": _REVOKED,
        "LiftRevocation": _LIFTED,
        "StartPlacement": _BEGIN,
        "StartPlacement on another day": StartPlacement(date(2026, 3, 3)),
        "InterruptPlacement": _AWAY,
        "ResumePlacement": _BACK,
        "ProposeChange of hours": _HALF,
        "ProposeChange to a longer time": _LONGER_TIME,
        "DropChange": _DROP,
        "ReportChange: end": ReportChange(_RECEIPT, _MAY, EndReport(_MAY)),
        "ReportChange: hours": ReportChange(_RECEIPT, _MAY, HoursReport(_MAY, Decimal("0.75"))),
        "ReportChange: long absence": ReportChange(_RECEIPT, _MAY, AbsenceReport(_APRIL)),
        "EndPlacement": _END,
        "CorrectEnd": _CORRECT,
        "IssueCertificate": _CERTIFY,
    },
)

_REGISTER: Final = RegisterEmployer(
    "2120002395", "Timrå kommun", Sector.MUNICIPAL, Conditions.COLLECTIVE_AGREEMENT, True, _START
)
_SITE: Final = RegisterWorkplace("Ledsagarservice", "2262", ("Handledare",))
_LOOK: Final = RecordCheck(CheckKind.UNPAID_TAX, True, _START, "af-1")
_DEREGISTER: Final = DeregisterEmployer(_APRIL)

_EMPLOYER: Final = Machine(
    EMPLOYER,
    states={
        "none": (),
        "registered": led_to(EMPLOYER, _REGISTER),
        "registered and checked": led_to(EMPLOYER, _REGISTER, _SITE, _LOOK),
        "deregistered": led_to(EMPLOYER, _REGISTER, _DEREGISTER),
    },
    commands={
        "RegisterEmployer": _REGISTER,
        "RegisterWorkplace": _SITE,
        "RecordCheck": _LOOK,
        "DeregisterEmployer": _DEREGISTER,
    },
)

_PUBLISH: Final = PublishOpening(
    organisation_id=UUID(int=4),
    forms=(Programme.INTRODUKTIONSJOBB,),
    municipality="2262",
    occupation="5330",
    extent_least=Decimal("0.5"),
    extent_most=Decimal(1),
    available_from=_START,
    work=OpeningWork(workplace="Ledsagarservice", supervisor="Handledare", tasks=("ledsaga",)),
)
_OFFER: Final = OfferOpening(_CASE, _START)
_FILL: Final = FillOpening(_CASE, _START)
_WITHDRAW: Final = WithdrawOpening(_APRIL, "Tillsatt")

_OPENING: Final = Machine(
    OPENING,
    states={
        "none": (),
        "open": led_to(OPENING, _PUBLISH),
        "offered": led_to(OPENING, _PUBLISH, _OFFER),
        "filled": led_to(OPENING, _PUBLISH, _OFFER, _FILL),
        "withdrawn": led_to(OPENING, _PUBLISH, _WITHDRAW),
    },
    commands={
        "PublishOpening": _PUBLISH,
        "OfferOpening": _OFFER,
        "OfferOpening to another": OfferOpening(UUID(int=9), _START),
        "DeclineOpening": DeclineOpening(_APRIL),
        "FillOpening": _FILL,
        "FillOpening by another": FillOpening(UUID(int=9), _START),
        "ReopenOpening": ReopenOpening(_APRIL),
        "WithdrawOpening": _WITHDRAW,
    },
)

_SHARE: Final = ShareProfile(_CASE, _START, WorkProfile(occupations=("5330",)), ("quiet-room",))

_PROFILE: Final = Machine(
    PROFILE,
    states={"none": (), "shared": led_to(PROFILE, _SHARE)},
    commands={"ShareProfile": _SHARE},
)

MACHINES: Final = (_AGREEMENT, _EMPLOYER, _OPENING, _PROFILE, paper_machine(PLACEMENT_PAPER))
