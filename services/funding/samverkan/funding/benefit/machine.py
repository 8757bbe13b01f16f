"""Example states and commands of a benefit: docs/states/ shows what each pair leads to."""

from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from samverkan.backbone.testing.machine import Machine
from samverkan.funding.benefit.benefit import ApplyForBenefit, BenefitCase, DecideBenefit, benefit_under
from samverkan.funding.benefit.days import Entitlement
from samverkan.funding.rules.load import load_rulebook
from samverkan.schemas.benefit import BenefitKind
from samverkan.schemas.event import Event

CASE: Final = UUID("11111111-1111-4111-8111-111111111111")
ENTITLED: Final = Entitlement(BenefitKind.AKTIVITETSSTOD, date(2026, 2, 9), date(2026, 8, 7))
DECIDE: Final = DecideBenefit(CASE, ENTITLED, date(2026, 4, 15))
APPLY: Final = ApplyForBenefit(date(2026, 4, 20))
BENEFIT: Final = benefit_under(load_rulebook())


def _after(*commands: object) -> list[Event]:
    events: list[Event] = []
    for command in commands:
        events += BENEFIT.decide(command, BENEFIT.fold(events))
    return events


def _state(benefit: BenefitCase) -> str:
    return benefit.state


BENEFIT_MACHINE: Final = Machine(
    BENEFIT,
    states={"none": (), "decided": _after(DECIDE), "applied": _after(DECIDE, APPLY)},
    commands={
        "DecideBenefit": DECIDE,
        "DecideBenefit otherwise": replace(DECIDE, decided_on=date(2026, 2, 9)),
        "ApplyForBenefit": APPLY,
        "ApplyForBenefit before the decision": ApplyForBenefit(date(2026, 4, 14)),
    },
    name_of=_state,
    names=("none", "decided", "applied"),
)
