"""The stories come out to the öre on the whole system, and a story that is not true is told."""

from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from samverkan.cli.papers.verifying import verify
from samverkan.cli.play import play, play_story
from samverkan.cli.system import System
from samverkan.deploy.exits import DIFFERENT, OK

HERE = Path(__file__).parent
TIMRA, TOO_EARLY = HERE / "01-timra.yaml", HERE / "04-started-too-early.yaml"


def test_timra_comes_out_to_the_ore_and_all_agencies_agree(system: System, capsys: pytest.CaptureFixture[str]) -> None:
    assert play_story(TIMRA, system.run) == OK, capsys.readouterr().out
    printed = capsys.readouterr().out
    for amount in ("31 540.80", "21 027.20", "10 513.60", "252 326.40"):
        (row,) = [line for line in printed.splitlines() if amount in line]
        assert row.count(amount) == 3, "municipality, AF and FK see the amount"
        assert row.count("sealed") == 1, "the region does not; the coordination association has no such row"
    assert "198808112380" not in printed


def test_every_paper_of_a_story_is_made_again_to_the_byte(
    system: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    play_story(TIMRA, system.run)  # its consent is made whenever it is played; how it ends is another test's matter
    capsys.readouterr()
    assert verify(None, system.run) == OK
    assert "the same to the byte" in capsys.readouterr().out
    intake = system.run.service("intake").url
    paper = httpx.get(f"{intake}/papers").json()[0]
    given = tmp_path / "samtycke.pdf"
    given.write_bytes(httpx.get(f"{intake}/papers/{paper['paper_sha256']}").content)
    assert verify(given, system.run) == OK
    assert "consent 1, made on" in capsys.readouterr().out
    given.write_bytes(given.read_bytes().replace(b"/Title", b"/Titel", 1))
    assert verify(given, system.run) == DIFFERENT
    assert "it was altered" in capsys.readouterr().out


def test_a_start_before_the_decision_is_refused_and_nothing_is_published(system: System) -> None:
    assert play_story(TOO_EARLY, system.run) == OK


def test_a_budget_is_shared_committed_lowered_and_discharged_to_the_ore(system: System) -> None:
    assert play_story(HERE / "09-budget.yaml", system.run) == OK


def test_plan_presence_and_measurements_are_shared_and_each_agency_sees_its_part(
    system: System, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play_story(HERE / "12-plan-and-presence.yaml", system.run) == OK, capsys.readouterr().out


@pytest.mark.parametrize("story", ["02-timra-extratjanster", "03-skelleftea", "10-late-decision"])
def test_what_the_rules_give_comes_out_to_the_ore_and_day(
    system: System, story: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play_story(HERE / f"{story}.yaml", system.run) == OK, capsys.readouterr().out


@pytest.mark.parametrize("story", ["07-consent-withdrawn", "08-protected"])
def test_what_is_withdrawn_or_protected_is_shown_no_more_also_when_played_again(
    system: System, story: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert play_story(HERE / f"{story}.yaml", system.run) == OK, capsys.readouterr().out


def test_the_municipality_is_reminded_of_a_month_that_nobody_has_claimed(
    system: System, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play_story(HERE / "13-reminders.yaml", system.run) == OK, capsys.readouterr().out


def test_an_employer_takes_a_participant_from_opening_to_certificate(
    system: System, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play_story(HERE / "11-employer.yaml", system.run) == OK, capsys.readouterr().out


def test_a_late_claim_is_forfeited_and_reopened_for_a_stated_reason_by_two_persons(system: System) -> None:
    assert play_story(HERE / "05-late-claim.yaml", system.run) == OK


def test_an_unreported_end_is_corrected_heard_recovered_and_set_off_to_the_ore(system: System) -> None:
    assert play_story(HERE / "06-unreported-end.yaml", system.run) == OK


def test_a_story_can_be_played_again_anew_and_once_more_with_the_same_run(system: System) -> None:
    run_id = uuid4().hex
    assert play_story(TIMRA, system.run, run_id=run_id) == OK
    assert play_story(TIMRA, system.run, run_id=run_id) == OK


def test_an_amount_that_is_an_ore_wrong_is_told(
    system: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = TIMRA.read_text(encoding="utf-8")
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
    started = TOO_EARLY.read_text(encoding="utf-8").replace(
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
