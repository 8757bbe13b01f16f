"""What comes next in a case, on whom it waits, and how many days are left. Pure, but for its data, read at start."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from samverkan.backbone.calendar import months_later
from samverkan.backbone.settings import SettingsInvalid
from samverkan.intake.case.state import State
from samverkan.intake.course_view import CourseRow
from samverkan.schemas.course import Moment

ASSESSMENT_MONTHS: Final = 3  # taken at start, every third month and at exit (domain.md section 1)
_WAITED_FOR: Final = frozenset({"municipality", "participant"})


@dataclass(frozen=True)
class Step:
    """A kind of step. `days`: how long it may take from what it follows on."""

    code: str
    waits_on: str
    days: int
    source: str
    sv: str
    en: str


Steps = Mapping[str, Step]

CODES: Final = frozenset(
    {
        "ask-for-consent",
        "sign-consent",
        "take-assessment",
        "enrol",
        "record-entry",
        "repeat-assessment",
        "resume",
        "record-exit",
        "close",
        "follow-up-six-months",
        "follow-up-twelve-months",
    }
)


@dataclass(frozen=True)
class NextStep:
    """`waits_on` is an agency's code or `participant`. `days_left` is negative when the day is over; both are None when
    no day is known, as after a pause without an end."""

    code: str
    sv: str
    en: str
    waits_on: str
    due_on: date | None
    days_left: int | None


def load_steps(file: Path) -> Steps:
    """SettingsInvalid: the file does not say what every step needs; the service must not start."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
        steps = {code: Step(code, **fields) for code, fields in raw.items()}
    except (OSError, tomllib.TOMLDecodeError, TypeError) as error:
        raise SettingsInvalid(f"{file.name}: {error}") from None
    if wrong := CODES ^ steps.keys():
        raise SettingsInvalid(f"{file.name}: steps missing or unknown: {', '.join(sorted(wrong))}")
    for step in steps.values():
        if step.waits_on not in _WAITED_FOR or step.days < 0:
            raise SettingsInvalid(f"{file.name}: {step.code} waits on nobody that there is, or for no number of days")
    return steps


def next_step(
    steps: Steps, course: CourseRow, needed: Sequence[str], consented: Sequence[str], today: date
) -> NextStep | None:
    """The next step as a caseworker reads it today."""
    found = next(iter(_open(course, needed, consented)), None)
    if found is None:
        return None
    step, follows_on = steps[found[0]], found[1]
    due_on = None if follows_on is None else follows_on + timedelta(days=step.days)
    return NextStep(
        code=step.code,
        sv=step.sv,
        en=step.en,
        waits_on=step.waits_on if step.waits_on == "participant" else course.municipality or "municipality",
        due_on=due_on,
        days_left=None if due_on is None else (due_on - today).days,
    )


def days_by_state(states: Sequence[Mapping[str, Any]], today: date) -> dict[str, int]:
    """Days spent in each state until now, the present one to today: the lead time of each step."""
    spent: dict[str, int] = {}
    firsts = [date.fromisoformat(entry["since"]) for entry in states]
    for entry, since, until in zip(states, firsts, [*firsts[1:], today], strict=True):
        spent[entry["state"]] = spent.get(entry["state"], 0) + max(0, (until - since).days)
    return spent


def missing_follow_ups(course: CourseRow, today: date) -> list[str]:
    """The moments whose follow-up should be there by now and is not."""
    due = {
        Moment.ENTRY: course.enrolled_on,
        Moment.EXIT: course.exited_on,
        Moment.SIX_MONTHS: course.six_months_on,
        Moment.TWELVE_MONTHS: course.twelve_months_on,
    }
    return [
        moment.value for moment, day in due.items() if day is not None and day <= today and moment not in course.moments
    ]


def _open(course: CourseRow, needed: Sequence[str], consented: Sequence[str]) -> Iterator[tuple[str, date | None]]:
    """The open steps in order, each with the day that it follows on."""
    match State(course.state):
        case State.REFERRED | State.CONSENT_PENDING:
            missing = set(needed) - set(consented)
            if missing - set(course.agencies_asked):
                yield "ask-for-consent", course.received_on
            elif missing:
                yield "sign-consent", course.received_on
            if course.assessed_on is None:
                yield "take-assessment", course.received_on
            yield "enrol", course.received_on
        case State.ACTIVE:
            if Moment.ENTRY not in course.moments:
                yield "record-entry", course.enrolled_on
            if course.assessed_on is not None:
                yield "repeat-assessment", months_later(course.assessed_on, ASSESSMENT_MONTHS)
        case State.PAUSED:
            yield "resume", course.paused_until_on
        case State.CLOSING:
            if Moment.EXIT not in course.moments:
                yield "record-exit", course.closing_on
            yield "close", course.closing_on
        case State.CLOSED:
            if Moment.SIX_MONTHS not in course.moments:
                yield "follow-up-six-months", course.six_months_on
            if Moment.TWELVE_MONTHS not in course.moments:
                yield "follow-up-twelve-months", course.twelve_months_on
        case _:
            return
