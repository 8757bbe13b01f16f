"""The file of rules, and what is wrong with a wrong one."""

from datetime import date
from pathlib import Path

import pytest

from samverkan.backbone.settings import SettingsInvalid
from samverkan.notify.reminders.rules import read_rules
from samverkan.schemas.notification import DeadlineKind

SHIPPED = (Path(__file__).parent / "rules.toml").read_text(encoding="utf-8")


def test_the_days_before_are_those_of_the_domain() -> None:
    rules = read_rules()
    assert rules.of(DeadlineKind.CLAIM).days_before == (60, 30, 7)
    assert rules.of(DeadlineKind.DECISION).days_before == (90, 60, 30)
    assert rules.assessment.every_months == 3
    assert rules.follow_up.after_months == (6, 12)


def test_every_rule_has_a_source_and_somebody_to_remind() -> None:
    rules = read_rules()
    for kind in (kind for kind in DeadlineKind if kind is not DeadlineKind.UNKNOWN):
        assert rules.of(kind).source and rules.of(kind).recipients
    assert rules.recipients == {"kommun", "af", "forbund"}


def test_the_last_day_follows_the_rule_of_the_months_last_day() -> None:
    claim = read_rules().claim
    assert claim.due_on(date(2022, 12, 1)) == date(2023, 3, 1)
    assert claim.due_on(date(2023, 1, 1)) == date(2023, 7, 31)  # 30 July is a Sunday
    assert claim.due_on(date(2018, 4, 1)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        SHIPPED.replace("[60, 30, 7]", "[7, 30, 60]"),
        SHIPPED.replace("[60, 30, 7]", "[]"),
        SHIPPED.replace('["municipality"]', '["nobody"]', 1),
        SHIPPED.replace("every_months = 3", "every_months = 0"),
        SHIPPED + "\n[unheard-of]\n",
        "[claim",
    ],
)
def test_a_wrong_file_stops_the_start(tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(SettingsInvalid, match="rules for reminders"):
        read_rules(file)
