"""Presence at a praktik of story 3's participant, for tests."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from samverkan.backbone.testing.specification import specification
from samverkan.intake.presence.period import Activity, ChangeSchedule, EndPresence, NotePlacementEnded, OpenPresence
from samverkan.intake.presence.presence import decide
from samverkan.intake.presence.reporting import CorrectionGround, CorrectWeek, ReportDeviation, ReportWeek
from samverkan.intake.presence.state import Day, Event, Presence, evolve

given = specification(decide, evolve, Presence())

CASE: Final = UUID("00000000-0000-4000-8000-000000000001")
PLACEMENT: Final = UUID("00000000-0000-4000-8000-000000000002")
MONDAY, WEDNESDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 6)
NEXT_MONDAY: Final = date(2026, 3, 9)
HALF, WHOLE = Decimal("0.50"), Decimal("1.00")

OPEN: Final = OpenPresence(
    CASE, Activity.ARBETSPRAKTIK, MONDAY, "af", (1, 2, 3, 4, 5), PLACEMENT, ends_on=date(2026, 8, 31)
)
DEVIATION: Final = ReportDeviation(WEDNESDAY, WHOLE, "sick", WEDNESDAY, consented=True)


def week(monday: date = MONDAY, **missed: Day) -> dict[date, Day]:
    """A working week: `wed=Day(…)` for a day that was missed, present on the others."""
    names = ("mon", "tue", "wed", "thu", "fri")
    return {monday + timedelta(days=place): missed.get(name, Day()) for place, name in enumerate(names)}


PRESENT: Final = ReportWeek(MONDAY, week(), FRIDAY, consented=True)
SICK: Final = ReportWeek(MONDAY, week(wed=Day(WHOLE, "sick")), NEXT_MONDAY, consented=True)
CORRECT: Final = CorrectWeek(
    MONDAY, week(fri=Day(HALF, "no-reason")), CorrectionGround.MISREAD, NEXT_MONDAY, consented=True
)
SCHEDULE: Final = ChangeSchedule(NEXT_MONDAY, (1, 3, 5))
END: Final = EndPresence(date(2026, 3, 16))
PLACEMENT_ENDED: Final = NotePlacementEnded(date(2026, 3, 16))


def after(*commands: object) -> list[Event]:
    """The history that these commands lead to."""
    presence, events = Presence(), list[Event]()
    for command in commands:
        made = decide(command, presence)  # type: ignore[arg-type]
        events += made
        for event in made:
            presence = evolve(presence, event)
    return events


def folded(*commands: object) -> Presence:
    """The presence that these commands lead to."""
    presence = Presence()
    for event in after(*commands):
        presence = evolve(presence, event)
    return presence
