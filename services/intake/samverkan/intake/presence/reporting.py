"""Reporting presence: a deviation the same day, the whole week after it, and what was wrong set right. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from samverkan.backbone.errors import Refused
from samverkan.intake.presence.reasons import reasons
from samverkan.intake.presence.state import WEEK, Day, Event, Presence, due_on, monday_of
from samverkan.schemas.support import (
    AbsenceReason,
    AbsenceReasons,
    AttendedDay,
    AttendedWeek,
    DeviationReported,
    DeviationWithdrawn,
    MissedShare,
    PresenceOpened,
    WeekCorrected,
    WeekReported,
)


class CorrectionGround(StrEnum):
    """Why a week is reported anew."""

    MISREAD = "misread"
    REASON_SHOWN_LATER = "reason-shown-later"
    REPORTED_FOR_ANOTHER = "reported-for-another"


@dataclass(frozen=True)
class ReportDeviation:
    """The participant was expected on this day and missed a share of it, for a reason of reasons.toml.

    `consented`, here and below: the agency that deviations reach is still consented to.
    """

    day: date
    absent: Decimal
    reason: str
    today: date
    consented: bool


@dataclass(frozen=True)
class ReportWeek:
    """Every expected day of the week that begins on this Monday."""

    week: date
    days: Mapping[date, Day]
    today: date
    consented: bool


@dataclass(frozen=True)
class CorrectWeek:
    """The whole week anew: what was reported of it was wrong."""

    week: date
    days: Mapping[date, Day]
    ground: CorrectionGround
    today: date
    consented: bool


def report_deviation(command: ReportDeviation, presence: Presence, opened: PresenceOpened) -> Sequence[Event]:
    """Told to AF or FK; late ones too, with the day on which they came. Said differently later, the later one holds.

    Refused: `day-in-future`, `not-expected-that-day`, `week-already-reported`, `absence-share`, `reason-unknown`,
    `reason-missing`, `reason-without-absence`, `no-deviation`, `deviation-without-consent`.
    """
    said = Day(command.absent, command.reason)
    _refuse_impossible({command.day: said}, command.today)
    if not _deviates(said):
        raise Refused("no-deviation")
    if not presence.expected(command.day):
        raise Refused("not-expected-that-day", days=command.day.isoformat())
    if presence.deviations.get(command.day) == said:
        return []
    if monday_of(command.day) in presence.weeks:
        raise Refused("week-already-reported", week=monday_of(command.day).isoformat())
    if not command.consented:
        raise Refused("deviation-without-consent", agency=opened.told)  # OSL 10:1
    return [_deviation(opened, command.day, said, command.today)]


def report_week(command: ReportWeek, presence: Presence, opened: PresenceOpened) -> Sequence[Event]:
    """Deviations that nobody reported the same day are told now; one that the week contradicts is withdrawn. An agency
    that is not consented to any more is told neither.

    Refused: `week-not-monday`, `week-not-over`, `no-day-expected`, `day-missing`, `not-expected-that-day`,
    `week-already-reported`, `absence-share`, `reason-unknown`, `reason-missing`, `reason-without-absence`.
    """
    if presence.weeks.get(command.week) == dict(command.days):
        return []
    _refuse_incomplete(command.week, command.days, presence, command.today)
    if command.week in presence.weeks:
        raise Refused("week-already-reported", week=command.week.isoformat())
    attended, why = _sealed(command.days)
    reported = WeekReported(
        case_id=opened.case_id,
        placement_id=opened.placement_id,
        week=command.week,
        reported_on=command.today,
        due_on=due_on(command.week),
        employment=attended,
        health=why,
    )
    return [*_changed_deviations(command, presence, opened), reported]


def correct_week(command: CorrectWeek, presence: Presence, opened: PresenceOpened) -> Sequence[Event]:
    """What was said before stays in the history.

    Refused: `week-not-reported`, and what `report_week` refuses of the days.
    """
    if command.week not in presence.weeks:
        raise Refused("week-not-reported")
    if presence.weeks[command.week] == dict(command.days):
        return []
    _refuse_incomplete(command.week, command.days, presence, command.today)
    attended, why = _sealed(command.days)
    corrected = WeekCorrected(
        case_id=opened.case_id,
        placement_id=opened.placement_id,
        week=command.week,
        corrected_on=command.today,
        code=command.ground,
        employment=attended,
        health=why,
    )
    return [*_changed_deviations(command, presence, opened), corrected]


def _refuse_incomplete(week: date, days: Mapping[date, Day], presence: Presence, today: date) -> None:
    if week.weekday():
        raise Refused("week-not-monday")
    expected = presence.expected_days(week)
    if not expected:
        raise Refused("no-day-expected")
    if today < expected[-1]:
        raise Refused("week-not-over", last_day_on=expected[-1].isoformat())
    if missing := [day.isoformat() for day in expected if day not in days]:
        raise Refused("day-missing", days=", ".join(missing))
    if others := sorted(day.isoformat() for day in days if day not in expected):
        raise Refused("not-expected-that-day", days=", ".join(others))
    _refuse_impossible(days, today)


def _refuse_impossible(days: Mapping[date, Day], today: date) -> None:
    known = reasons().reason
    for day, said in days.items():
        if day > today:
            raise Refused("day-in-future")
        if not (said.absent.is_finite() and 0 <= said.absent <= 1):
            raise Refused("absence-share")
        if said.reason is None:
            if said.absent:
                raise Refused("reason-missing")
            continue
        if said.reason not in known or not known[said.reason].in_force(day):
            raise Refused("reason-unknown")
        if not said.absent:
            raise Refused("reason-without-absence")


def _deviates(said: Day) -> bool:
    """Whether AF or FK is told: a reason whose key is gone may be any, and is."""
    if not said.absent:
        return False
    known = None if said.reason is None else reasons().reason.get(said.reason)
    return known is None or known.deviation


def _changed_deviations(
    command: ReportWeek | CorrectWeek, presence: Presence, opened: PresenceOpened
) -> Iterator[Event]:
    if not command.consented:
        return
    for day, said in sorted(command.days.items()):
        if _deviates(said) and presence.deviations.get(day) != said:
            yield _deviation(opened, day, said, command.today)
    for day in sorted(presence.deviations):
        if command.week <= day < command.week + WEEK and not _deviates(command.days.get(day, Day())):
            yield DeviationWithdrawn(
                case_id=opened.case_id,
                placement_id=opened.placement_id,
                day=day,
                withdrawn_on=command.today,
                told=opened.told,
            )


def _deviation(opened: PresenceOpened, day: date, said: Day, today: date) -> DeviationReported:
    return DeviationReported(
        case_id=opened.case_id,
        placement_id=opened.placement_id,
        activity=opened.activity,
        day=day,
        reported_on=today,
        told=opened.told,
        economy=MissedShare(absent=said.absent),
        health=None if said.reason is None else AbsenceReason(day=day, code=said.reason),
    )


def _sealed(days: Mapping[date, Day]) -> tuple[AttendedWeek, AbsenceReasons | None]:
    ordered = sorted(days.items())
    attended = AttendedWeek(days=tuple(AttendedDay(day=day, absent=said.absent) for day, said in ordered))
    why = tuple(AbsenceReason(day=day, code=said.reason) for day, said in ordered if said.reason is not None)
    return attended, AbsenceReasons(days=why) if why else None
