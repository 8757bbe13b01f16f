"""The next step, on whom it waits, and the days left."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from samverkan.backbone.settings import SettingsInvalid
from samverkan.intake.course_view import CourseRow
from samverkan.intake.next_step import days_by_state, load_steps, missing_follow_ups, next_step

FILE = Path(__file__).parent / "next_steps.toml"
STEPS = load_steps(FILE)
NEEDED = ("af", "kommun")
REFERRED = CourseRow(UUID(int=1), state="referred", municipality="kommun", received_on=date(2026, 2, 2))
ACTIVE = replace(REFERRED, state="active", enrolled_on=date(2026, 2, 10), assessed_on=date(2026, 2, 6))
CLOSING = replace(ACTIVE, state="closing", closing_on=date(2026, 4, 30))
CLOSED = replace(
    ACTIVE,
    state="closed",
    exited_on=date(2026, 4, 30),
    six_months_on=date(2026, 10, 30),
    twelve_months_on=date(2027, 4, 30),
    moments={"entry": "2026-02-10", "exit": "2026-04-30"},
)


@pytest.mark.parametrize(
    ("course", "consented", "code", "waits_on", "due_on"),
    [
        (REFERRED, (), "ask-for-consent", "kommun", date(2026, 2, 16)),
        (replace(REFERRED, agencies_asked=("af",)), (), "ask-for-consent", "kommun", date(2026, 2, 16)),
        (replace(REFERRED, agencies_asked=NEEDED), ("af",), "sign-consent", "participant", date(2026, 3, 2)),
        (REFERRED, NEEDED, "take-assessment", "kommun", date(2026, 3, 16)),
        (replace(REFERRED, assessed_on=date(2026, 2, 6)), NEEDED, "enrol", "kommun", date(2026, 3, 30)),
        (ACTIVE, NEEDED, "record-entry", "kommun", date(2026, 2, 24)),
        (replace(ACTIVE, moments={"entry": None}), NEEDED, "repeat-assessment", "kommun", date(2026, 5, 6)),
        (replace(ACTIVE, state="paused"), NEEDED, "resume", "participant", None),
        (
            replace(ACTIVE, state="closing", closing_on=date(2026, 4, 30)),
            NEEDED,
            "record-exit",
            "kommun",
            date(2026, 4, 30),
        ),
        (CLOSED, NEEDED, "follow-up-six-months", "kommun", date(2026, 11, 29)),
    ],
)
def test_the_first_open_step_is_next(
    course: CourseRow, consented: tuple[str, ...], code: str, waits_on: str, due_on: date | None
) -> None:
    step = next_step(STEPS, course, NEEDED, consented, date(2026, 2, 16))
    assert step is not None
    assert (step.code, step.waits_on, step.due_on) == (code, waits_on, due_on)
    assert step.sv and step.en


def test_days_left_are_negative_when_the_day_is_over() -> None:
    step = next_step(STEPS, REFERRED, NEEDED, (), date(2026, 2, 20))
    assert step is not None and step.days_left == -4


@pytest.mark.parametrize("state", ["declined", "anonymous"])
def test_nothing_is_left_to_do_in_a_case_that_is_over(state: str) -> None:
    assert next_step(STEPS, replace(ACTIVE, state=state), NEEDED, NEEDED, date(2026, 2, 20)) is None


def test_the_lead_time_of_each_state_is_counted_in_days() -> None:
    states = [
        {"state": "referred", "since": "2026-02-02"},
        {"state": "active", "since": "2026-02-10"},
        {"state": "paused", "since": "2026-03-02"},
        {"state": "active", "since": "2026-04-01"},
    ]
    assert days_by_state(states, date(2026, 4, 11)) == {"referred": 8, "active": 30, "paused": 30}


def test_a_follow_up_is_missing_from_its_day_on() -> None:
    assert missing_follow_ups(CLOSED, date(2026, 10, 29)) == []
    assert missing_follow_ups(CLOSED, date(2026, 10, 30)) == ["six-months"]
    assert missing_follow_ups(CLOSED, date(2027, 4, 30)) == ["six-months", "twelve-months"]
    assert missing_follow_ups(ACTIVE, date(2026, 2, 10)) == ["entry"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[resume]", "[resumes]", "missing or unknown: resume, resumes"),
        ('waits_on = "participant"', 'waits_on = "somebody"', "waits on nobody"),
        ("days = 14", "dagar = 14", "unexpected keyword"),
    ],
)
def test_steps_that_cannot_be_used_stop_the_start(tmp_path: Path, before: str, after: str, said: str) -> None:
    wrong = tmp_path / "next_steps.toml"
    wrong.write_text(FILE.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    with pytest.raises(SettingsInvalid, match=said):
        load_steps(wrong)
