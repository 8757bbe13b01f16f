"""Presence over HTTP. A command becomes a call of one line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StrictInt

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.body import Body, Code, Extent
from samverkan.backbone.http.body import Day as BodyDay
from samverkan.backbone.http.call import Accepted, Command, CommandCall, Page, Query
from samverkan.intake.open_case import ATTENDING, REPORTED, open_case
from samverkan.intake.presence.period import Activity, ChangeSchedule, EndPresence, OpenPresence
from samverkan.intake.presence.presence import PRESENCE, presence_id
from samverkan.intake.presence.reasons import Reason, reasons
from samverkan.intake.presence.reporting import CorrectionGround, CorrectWeek, ReportDeviation, ReportWeek
from samverkan.intake.presence.state import Day
from samverkan.intake.presence.statistics import Statistics, statistics
from samverkan.intake.presence_view import NotedPlacements, PresenceRow, Presences, reported_days
from samverkan.intake.views import Cases

DAYS_MAX: Final = 7
NOBODY: Final = Decimal(0)
Weekdays = Annotated[list[Annotated[StrictInt, Field(ge=1, le=7)]], Field(min_length=1, max_length=7)]

router = APIRouter(tags=["presence"])


class PresenceBody(Body):
    """Where and when the participant is expected. `weekdays`: 1 (Monday) to 7. `told`: whom deviations reach."""

    activity: Activity
    starts_on: BodyDay
    ends_on: BodyDay | None = None
    placement_id: UUID | None = None
    told: Code = "af"
    weekdays: Weekdays = [1, 2, 3, 4, 5]


class ScheduleBody(Body):
    """Other days of the week from a Monday on."""

    from_on: BodyDay
    weekdays: Weekdays


class DeviationBody(Body):
    """A day that was missed: the share of it, and a reason of `GET /absence-reasons`."""

    day: BodyDay
    absent: Extent = Decimal(1)
    reason: Code


class WeekDayBody(Body):
    """One expected day: present, or the share that was missed and why."""

    day: BodyDay
    absent: Extent = NOBODY
    reason: Code | None = None


class WeekBody(Body):
    """Every expected day of the week that begins on this Monday."""

    week: BodyDay
    days: Annotated[list[WeekDayBody], Field(min_length=1, max_length=DAYS_MAX)]


class CorrectionBody(WeekBody):
    """The whole week anew, and why."""

    ground: CorrectionGround


class EndBody(Body):
    """The last day on which presence is reported."""

    ends_on: BodyDay


@dataclass(frozen=True)
class PresenceSummary:
    """A presence in a list: nothing that tells of a person."""

    presence_id: UUID
    case_id: UUID | None
    placement_id: UUID | None
    version: int
    activity: str | None
    state: str
    starts_on: date | None
    ends_on: date | None
    told: str | None
    next_week: date | None
    next_due_on: date | None


@router.get("/absence-reasons")
async def absence_reasons(call: Query) -> list[Reason]:  # noqa: ARG001  a query as every other
    """Every reason that may be given, with its source."""
    return list(reasons().reason.values())


@router.post("/cases/{case_id}/presences")
async def open_presence(case_id: UUID, body: PresenceBody, call: Command) -> Accepted:
    """Begin to report presence at a placement that has started, or at a municipal activity."""
    await open_case(call, case_id, ATTENDING)
    case = await call.queries.get(Cases, case_id)
    if case is None:
        raise Refused("case-unknown")
    if body.told not in case.agencies_consented:
        raise Refused("consent-missing", agencies=body.told)  # OSL 10:1
    if body.placement_id is not None:
        placement = await call.queries.get(NotedPlacements, body.placement_id)
        if placement is None or placement.case_id != case_id:
            raise Refused("presence-placement-unknown")
    command = OpenPresence(
        case_id=case_id,
        activity=body.activity,
        starts_on=body.starts_on,
        told=body.told,
        weekdays=tuple(body.weekdays),
        placement_id=body.placement_id,
        ends_on=body.ends_on,
    )
    stream_id = presence_id(case_id, body.placement_id, body.activity, body.starts_on)
    return await call.execute(PRESENCE, stream_id, command, correlation_id=case_id, create=True)


@router.post("/presences/{presence_id}/schedule")
async def change_schedule(presence_id: UUID, body: ScheduleBody, call: Command) -> Accepted:
    """Expect the participant on other days of the week."""
    await _open(call, presence_id)
    return await call.execute(PRESENCE, presence_id, ChangeSchedule(body.from_on, tuple(body.weekdays)))


@router.post("/presences/{presence_id}/deviations")
async def report_deviation(presence_id: UUID, body: DeviationBody, call: Command) -> Accepted:
    """Report an absence the same day: AF or FK is told. A later report is accepted, and shown as late."""
    consented = await _open(call, presence_id)
    command = ReportDeviation(body.day, body.absent, body.reason, call.today, consented=consented)
    return await call.execute(PRESENCE, presence_id, command)


@router.post("/presences/{presence_id}/weeks")
async def report_week(presence_id: UUID, body: WeekBody, call: Command) -> Accepted:
    """Report a whole week, once its last expected day has come."""
    consented = await _open(call, presence_id)
    command = ReportWeek(body.week, _days(body), call.today, consented=consented)
    return await call.execute(PRESENCE, presence_id, command)


@router.post("/presences/{presence_id}/corrections")
async def correct_week(presence_id: UUID, body: CorrectionBody, call: Command) -> Accepted:
    """Report a week anew; what was said before stays in its history."""
    consented = await _open(call, presence_id)
    command = CorrectWeek(body.week, _days(body), body.ground, call.today, consented=consented)
    return await call.execute(PRESENCE, presence_id, command)


@router.post("/presences/{presence_id}/end")
async def end(presence_id: UUID, body: EndBody, call: Command) -> Accepted:
    """End presence; days before the end may still be reported."""
    await _open(call, presence_id)
    return await call.execute(PRESENCE, presence_id, EndPresence(body.ends_on))


@router.get("/presences")
async def presences(
    call: Query, page: Page, case_id: UUID | None = None, placement_id: UUID | None = None
) -> list[PresenceSummary]:
    """The presences by ascending id, of one case or placement if it is given."""
    equal = {"case_id": case_id, "placement_id": placement_id}
    return _summaries(await call.many(Presences, page, **{name: one for name, one in equal.items() if one}))


@router.get("/presences/due")
async def due(call: Query, page: Page, until: BodyDay | None = None) -> list[PresenceSummary]:
    """Presences with a week that is to be reported until that day (today), or is late already; by ascending id."""
    return _summaries(await call.many(Presences, page, between={"next_due_on": (None, until or call.today)}))


@router.get("/presences/{presence_id}")
async def presence(presence_id: UUID, call: Query) -> PresenceRow:
    """One presence with its weeks, their history, and every deviation as it was told."""
    return await call.one(Presences, presence_id)


@router.get("/presences/{presence_id}/statistics")
async def count(presence_id: UUID, call: Query, first_on: BodyDay, last_on: BodyDay) -> Statistics:
    """Absence from one day to another, and what of it lowers the gross of a claim (domain.md section 4, rule 4)."""
    row = await call.queries.get(Presences, presence_id)
    if row is None:
        raise Refused("presence-unknown")
    return statistics(reported_days(row), first_on, last_on, reasons())


async def _open(call: CommandCall, presence_id: UUID) -> bool:
    """Whether the agency that deviations reach is still consented to. Refused: what `open_case` says."""
    row = await call.queries.get(Presences, presence_id)
    if row is None or row.case_id is None:
        return False  # the command says itself what is unknown
    await open_case(call, row.case_id, REPORTED)
    case = await call.queries.get(Cases, row.case_id)
    return case is not None and row.told in case.agencies_consented


def _days(body: WeekBody) -> Mapping[date, Day]:
    """Refused `day-twice`: two statements of one day."""
    days = {one.day: Day(one.absent, one.reason) for one in body.days}
    if len(days) < len(body.days):
        raise Refused("day-twice")
    return days


def _summaries(rows: Sequence[PresenceRow]) -> list[PresenceSummary]:
    names = PresenceSummary.__dataclass_fields__
    return [PresenceSummary(**{name: getattr(row, name) for name in names}) for row in rows]
