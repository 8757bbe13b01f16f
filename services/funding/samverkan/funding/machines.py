"""Example states and commands of funding's aggregates: docs/states/ shows what each pair leads to."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from samverkan.backbone.testing.machine import Machine
from samverkan.backbone.testing.paper_machine import paper_machine
from samverkan.funding.benefit.machine import BENEFIT_MACHINE
from samverkan.funding.budget.machine import BUDGET_MACHINE
from samverkan.funding.compensation.claim import CreditClaim, SubmitClaim
from samverkan.funding.compensation.compensation import compensation_under
from samverkan.funding.compensation.decision import RefusalGround, RefuseCompensation
from samverkan.funding.compensation.examples import APPLIED, APPLY, APPROVE, CHECK, CHECKED, GRANTED, MARCH, RULES
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.decision_paper import COMPENSATION_PAPER
from samverkan.funding.insats.machine import INSATS_MACHINE
from samverkan.schemas.event import Event

_CLAIM: Final = SubmitClaim(MARCH, Decimal(24000), date(2026, 4, 30), date(2026, 3, 2))
_LATE: Final = replace(_CLAIM, received_on=date(2026, 10, 1))
_REFUSE: Final = RefuseCompensation("af-handlaggare-2", date(2026, 2, 20), RefusalGround.PERSON_NOT_ELIGIBLE)
_CREDIT: Final = CreditClaim(MARCH, date(2026, 5, 12))
_COMPENSATION: Final = compensation_under(RULES)


def _state(compensation: Compensation) -> str:
    if compensation.application is None:
        return "none"
    if compensation.decision is not None:
        return "granted" if compensation.decision.refusal_code is None else "refused"
    return "applied" if compensation.check is None else "checked"


def _after(given: tuple[Event, ...], *commands: object) -> list[Event]:
    """The history that these commands lead to."""
    events = list(given)
    for command in commands:
        events += _COMPENSATION.decide(command, _COMPENSATION.fold(events))
    return events


MACHINES: Final = (
    Machine(
        _COMPENSATION,
        states={
            "none": (),
            "applied": (APPLIED,),
            "checked": (APPLIED, CHECKED),
            "granted": GRANTED,
            "granted, March claimed": _after(GRANTED, _CLAIM),
            "granted, March forfeited": _after(GRANTED, _LATE),
            "granted, March credited": _after(GRANTED, _CLAIM, _CREDIT),
            "refused": _after((APPLIED, CHECKED), _REFUSE),
        },
        commands={
            "ApplyForCompensation": APPLY,
            "CheckApplication": CHECK,
            "ApproveCompensation": APPROVE,
            "ApproveCompensation by who prepared": replace(APPROVE, attested_by="af-handlaggare-1"),
            "RefuseCompensation": _REFUSE,
            "SubmitClaim": _CLAIM,
            "SubmitClaim too late": _LATE,
            "CreditClaim": _CREDIT,
        },
        name_of=_state,
        names=("none", "applied", "checked", "granted", "refused"),
    ),
    BUDGET_MACHINE,
    INSATS_MACHINE,
    paper_machine(COMPENSATION_PAPER),
    BENEFIT_MACHINE,
)
