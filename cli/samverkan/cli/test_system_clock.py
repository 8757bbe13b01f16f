"""A moment is Swedish time, and a clock that is set runs on."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from samverkan.backbone.clock import SettableClock, ahead, set_ahead
from samverkan.cli.system_clock import moment, morning


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-02", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("2026-07-02", datetime(2026, 7, 2, 7, tzinfo=UTC)),  # summer time
        ("2026-03-02T23:30", datetime(2026, 3, 2, 22, 30, tzinfo=UTC)),
        ("2026-03-02T23:30Z", datetime(2026, 3, 2, 23, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_is_swedish_time(text: str, utc: datetime) -> None:
    assert moment(text) == utc


def test_a_day_begins_with_the_office() -> None:
    assert morning(date(2026, 3, 2)) == moment("2026-03-02T09:00")


def test_what_is_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="Invalid isoformat"):
        moment("i morgon")


def test_a_clock_that_is_set_runs_on_and_goes_back(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock = SettableClock(file)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    set_ahead(file, 86_400.0)
    assert ahead(file) == 86_400.0
    first = clock.now()
    assert timedelta(hours=23) < first - datetime.now(UTC) < timedelta(hours=25)
    assert clock.now() > first
    file.unlink()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_clock_file_that_holds_no_number_is_an_error_and_never_ignored(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("soon")
    with pytest.raises(ValueError, match="could not convert"):
        SettableClock(file).now()
