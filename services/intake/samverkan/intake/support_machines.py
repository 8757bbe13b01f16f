"""Example states and commands of measurement, plan and presence: docs/states/ shows what each pair leads to."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from samverkan.backbone.testing.machine import Machine
from samverkan.intake.instrument import instruments
from samverkan.intake.measurement import (
    MEASUREMENT,
    AnswerMeasurement,
    CancelGround,
    CancelMeasurement,
    Occasion,
    OpenMeasurement,
)
from samverkan.intake.plan import examples as plan
from samverkan.intake.plan.plan import PLAN
from samverkan.intake.plan.state import Words
from samverkan.intake.presence import examples as presence
from samverkan.intake.presence.presence import PRESENCE
from samverkan.intake.presence.reporting import ReportWeek
from samverkan.intake.presence.state import Day
from samverkan.schemas.event import Event

_CASE, _DAY = UUID(int=1), date(2026, 4, 20)
_REST: Final = {"structure-of-day": 3, "social-network": 2, "skills-and-language": 4, "readiness-to-work": 4}

_OPEN: Final = OpenMeasurement(_CASE, instruments()[0], Occasion.QUARTERLY, _DAY)
_HEALTH: Final = AnswerMeasurement("region", {"health": 3}, _DAY, _DAY)
_OTHERS: Final = AnswerMeasurement("kommun", _REST, _DAY, _DAY)
_CANCEL: Final = CancelMeasurement(CancelGround.PARTICIPANT_DECLINED, _DAY)


def _measured(*commands: object) -> list[Event]:
    events = list[Event]()
    for command in commands:
        events += MEASUREMENT.decide(command, MEASUREMENT.fold(events))
    return events


MEASUREMENT_MACHINE: Final = Machine(
    MEASUREMENT,
    states={
        "none": (),
        "open": _measured(_OPEN),
        "partly-answered": _measured(_OPEN, _HEALTH),
        "complete": _measured(_OPEN, _HEALTH, _OTHERS),
        "cancelled": _measured(_OPEN, _CANCEL),
    },
    commands={
        "OpenMeasurement": _OPEN,
        "OpenMeasurement with another version": replace(_OPEN, instrument=replace(_OPEN.instrument, version=2)),
        "AnswerMeasurement by the region": _HEALTH,
        "AnswerMeasurement by the region, otherwise": replace(_HEALTH, answers={"health": 4}),
        "AnswerMeasurement by the municipality": _OTHERS,
        "AnswerMeasurement by who is not asked": replace(_HEALTH, agency="fk"),
        "CancelMeasurement": _CANCEL,
    },
)

_SECOND: Final = tuple(replace(one, revision=2, signed_on=plan.FEBRUARY_20) for one in plan.SIGN.values())
_CHANGE: Final = replace(
    plan.WRITE,
    goals=Words(work=("Ett arbete att växa i", "Körkort")),
    activities=(replace(plan.VISIT, activity_id=plan.VISIT_ID), replace(plan.DOCTOR, activity_id=plan.DOCTOR_ID)),
    written_on=plan.FEBRUARY_12,
)

PLAN_MACHINE: Final = Machine(
    PLAN,
    states={
        "none": (),
        "draft": plan.after(plan.WRITE),
        "draft, one activity done and one dropped": plan.after(plan.WRITE, plan.DONE, plan.DROP),
        "signing": plan.after(plan.WRITE, plan.SIGN["participant"], plan.SIGN["kommun"]),
        "in-force": plan.after(*plan.AGREED),
        "changed": plan.after(*plan.AGREED, _CHANGE),
        "changed, one signature missing": plan.after(*plan.AGREED, _CHANGE, *_SECOND[:2]),
        "closed": plan.after(*plan.AGREED, plan.CLOSE),
    },
    commands={
        "WritePlan": plan.WRITE,
        "WritePlan with another goal": _CHANGE,
        "WritePlan without an open activity": replace(plan.WRITE, activities=(plan.VISIT,)),
        "SignPlan by AF, first revision": plan.SIGN["af"],
        "SignPlan by AF, second revision": _SECOND[2],
        "SignPlan for AF without a reason": replace(_SECOND[2], by_agency="kommun"),
        "CompleteActivity": plan.DONE,
        "CompleteActivity too late, without a reason": replace(plan.DONE, done_on=plan.MARCH_2),
        "DropActivity": plan.DROP,
        "ClosePlan": plan.CLOSE,
        "EndPlanWithCase": plan.ENDED,
    },
)

_NEXT_WEEK: Final = ReportWeek(
    presence.NEXT_MONDAY, presence.week(presence.NEXT_MONDAY), date(2026, 3, 13), consented=True
)

PRESENCE_MACHINE: Final = Machine(
    PRESENCE,
    states={
        "none": (),
        "open": presence.after(presence.OPEN),
        "open, Wednesday's deviation told": presence.after(presence.OPEN, presence.DEVIATION),
        "open, the week reported": presence.after(presence.OPEN, presence.SICK),
        "open, the week corrected": presence.after(presence.OPEN, presence.SICK, presence.CORRECT),
        "ended": presence.after(presence.OPEN, presence.END),
        "ended, the week reported": presence.after(presence.OPEN, presence.PRESENT, presence.END),
    },
    commands={
        "OpenPresence": presence.OPEN,
        "OpenPresence told to FK": replace(presence.OPEN, told="fk"),
        "ChangeSchedule": presence.SCHEDULE,
        "ReportDeviation": presence.DEVIATION,
        "ReportDeviation, half the day": replace(presence.DEVIATION, absent=Decimal("0.50")),
        "ReportDeviation to who is not consented to": replace(presence.DEVIATION, consented=False),
        "ReportWeek, present all days": presence.PRESENT,
        "ReportWeek, sick on Wednesday": presence.SICK,
        "ReportWeek, sick on Wednesday, told to nobody": replace(presence.SICK, consented=False),
        "ReportWeek of the next week": _NEXT_WEEK,
        "CorrectWeek": presence.CORRECT,
        "CorrectWeek without a reason": replace(presence.CORRECT, days=presence.week(fri=Day(presence.WHOLE))),
        "EndPresence": presence.END,
        "EndPresence on the first day": replace(presence.END, ends_on=presence.MONDAY),
        "NotePlacementEnded": presence.PLACEMENT_ENDED,
    },
)
