"""A story that is not true is told, and one that was played is repeated. Of persons that no other file on this
system gives a support to."""

from pathlib import Path
from uuid import uuid4

import pytest

from samverkan.cli.play import play, play_story
from samverkan.cli.system import System
from samverkan.deploy.exits import DIFFERENT, OK

HERE = Path(__file__).parent
TIMRA, TOO_EARLY = HERE / "01-timra.yaml", HERE / "04-started-too-early.yaml"


def timra_of(person_number: str) -> str:
    """The same story of another person: nobody gets two supports at the same time."""
    return TIMRA.read_text(encoding="utf-8").replace("198808112380", person_number)


def test_a_story_can_be_played_once_more_with_the_same_run_and_anew_as_far_as_the_rules_allow(
    system: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_id, again = uuid4().hex, tmp_path / "again.yaml"
    again.write_text(timra_of("200001052380"), encoding="utf-8")
    assert play_story(again, system.run, run_id=run_id) == OK
    assert play_story(again, system.run, run_id=run_id) == OK
    capsys.readouterr()
    assert play_story(again, system.run) == DIFFERENT
    assert "support-at-same-time" in capsys.readouterr().out


def test_a_story_that_ends_before_a_decision_can_be_played_anew_as_often_as_one_likes(system: System) -> None:
    traffic = HERE.parent / "traffic.yaml"
    assert play_story(traffic, system.run) == OK
    assert play_story(traffic, system.run) == OK


def test_an_amount_that_is_an_ore_wrong_is_told(
    system: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = timra_of("200002292399")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(text.replace("credit_in_all: 252326.40}", "credit_in_all: 252326.41}"), encoding="utf-8")
    assert play_story(wrong, system.run, within_seconds=5) == DIFFERENT
    printed = capsys.readouterr().out
    for code in ("kommun", "af", "fk"):
        assert f"agency {code}:" in printed
    assert "economy.credit_in_all is 252326.40, not 252326.41" in printed


def test_something_published_where_nothing_should_be_is_told(
    system: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    another = TOO_EARLY.read_text(encoding="utf-8").replace("199006022397", "199912282382")
    started = another.replace(
        """    body: {starts_on: 2026-03-02}
    expect:
      status: 409
      problem: starts-before-decision
      body: {details: {decided_on: 2026-03-05}}
""",
        "    body: {starts_on: 2026-03-05}\n",
    )
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(started, encoding="utf-8")
    assert play_story(wrong, system.run) == DIFFERENT
    assert "PlacementStarted.v1 on samverkan.placement" in capsys.readouterr().out


def test_a_step_that_never_comes_true_says_what_it_saw(
    system: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = tmp_path / "never.yaml"
    story.write_text(
        "title: {sv: Aldrig, en: Never}\nsteps:\n"
        "  - {step: Never, do: GET agency.af /counts, until: {body: {cases: -1}}, within: 1}\n",
        encoding="utf-8",
    )
    assert play_story(story, system.run) == DIFFERENT
    assert "not within 1 s, at last: cases is" in capsys.readouterr().out


def test_a_folder_of_stories_ends_with_one_table(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAMVERKAN_UP_FOLDER", str(system.folder))
    right, wrong = tmp_path / "right.yaml", tmp_path / "wrong.yaml"
    text = (
        "title: {sv: Antal, en: Counts}\nsteps:\n"
        "  - {step: Counts, do: GET agency.af /counts, until: {body: {cases: '>= 0'}}, within: 1}\n"
    )
    right.write_text(text, encoding="utf-8")
    wrong.write_text(text.replace(">= 0", "< 0"), encoding="utf-8")
    assert play(tmp_path, run_id=None, verbose=False) == DIFFERENT
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    (held,) = [row for row in rows if row[:1] == ["right"]]
    (failed,) = [row for row in rows if row[:1] == ["wrong"]]
    assert held[1] == "1" and held[-1] == "yes"
    assert failed[-1] == "no"
