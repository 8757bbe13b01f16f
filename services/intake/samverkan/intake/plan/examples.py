"""A plan of Timrå's participant (story 1), for tests."""

from datetime import date
from typing import Final
from uuid import UUID

from samverkan.backbone.testing.specification import specification
from samverkan.intake.plan.activity import (
    CloseGround,
    ClosePlan,
    CompleteActivity,
    DropActivity,
    DropGround,
    EndPlanWithCase,
)
from samverkan.intake.plan.plan import decide
from samverkan.intake.plan.signing import SignPlan
from samverkan.intake.plan.state import Event, Plan, Words, evolve
from samverkan.intake.plan.writing import PlannedActivity, WritePlan

given = specification(decide, evolve, Plan())

CASE: Final = UUID("00000000-0000-4000-8000-000000000001")
FEBRUARY_9, FEBRUARY_12 = date(2026, 2, 9), date(2026, 2, 12)
FEBRUARY_20, MARCH_2, TODAY = date(2026, 2, 20), date(2026, 3, 2), date(2026, 4, 1)

VISIT: Final = PlannedActivity("kommun", FEBRUARY_20, Words(work=("Besöka ledsagarservice",)))
DOCTOR: Final = PlannedActivity("participant", MARCH_2, Words(health=("Boka tid på vårdcentralen",)))
WRITE: Final = WritePlan(
    CASE,
    Words(work=("Ett arbete att växa i",), health=("Sova om natten",)),
    (VISIT, DOCTOR),
    ("participant", "kommun", "af"),
    FEBRUARY_9,
    TODAY,
)
SIGN: Final = {
    party: SignPlan(party, 1, FEBRUARY_12, agency, TODAY)
    for party, agency in (("participant", "kommun"), ("kommun", "kommun"), ("af", "af"))
}


def after(*commands: object) -> list[Event]:
    """The history that these commands lead to."""
    plan, events = Plan(), list[Event]()
    for command in commands:
        made = decide(command, plan)  # type: ignore[arg-type]
        events += made
        for event in made:
            plan = evolve(plan, event)
    return events


def folded(*commands: object) -> Plan:
    """The plan that these commands lead to."""
    plan = Plan()
    for event in after(*commands):
        plan = evolve(plan, event)
    return plan


WRITTEN: Final = after(WRITE)
VISIT_ID, DOCTOR_ID = tuple(folded(WRITE).activities)
AGREED: Final = (WRITE, *SIGN.values())
DONE: Final = CompleteActivity(VISIT_ID, FEBRUARY_20, TODAY)
DROP: Final = DropActivity(DOCTOR_ID, MARCH_2, DropGround.NO_LONGER_NEEDED, TODAY)
ENDED: Final = EndPlanWithCase(date(2026, 3, 31))
CLOSE: Final = ClosePlan(date(2026, 3, 31), CloseGround.GOALS_REACHED, TODAY)
