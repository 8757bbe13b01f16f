"""The stories come out to the öre on the whole system.

They have a system of their own, for nobody gets two supports at the same time and there are few test persons.
"""

from pathlib import Path

import httpx
import pytest

from samverkan.cli.papers.verifying import verify
from samverkan.cli.play import play_story
from samverkan.cli.system import System
from samverkan.deploy.exits import DIFFERENT, OK

HERE = Path(__file__).parent
TIMRA, TOO_EARLY = HERE / "01-timra.yaml", HERE / "04-started-too-early.yaml"


def test_timra_comes_out_to_the_ore_and_all_agencies_agree(
    own_system: System, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play_story(TIMRA, own_system.run) == OK, capsys.readouterr().out
    printed = capsys.readouterr().out
    for amount in ("31 540.80", "21 027.20", "10 513.60", "252 326.40"):
        (row,) = [line for line in printed.splitlines() if amount in line]
        assert row.count(amount) == 3, "municipality, AF and FK see the amount"
        assert row.count("sealed") == 1, "the region does not; the coordination association has no such row"
    assert "198808112380" not in printed


def test_every_paper_of_a_story_is_made_again_to_the_byte(
    own_system: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    play_story(TIMRA, own_system.run)  # its consent is made whenever it is played; how it ends is another test's matter
    capsys.readouterr()
    assert verify(None, own_system.run) == OK
    assert "the same to the byte" in capsys.readouterr().out
    intake = own_system.run.service("intake").url
    paper = httpx.get(f"{intake}/papers").json()[0]
    given = tmp_path / "samtycke.pdf"
    given.write_bytes(httpx.get(f"{intake}/papers/{paper['paper_sha256']}").content)
    assert verify(given, own_system.run) == OK
    assert "consent 2, made on" in capsys.readouterr().out
    given.write_bytes(given.read_bytes().replace(b"/Title", b"/Titel", 1))
    assert verify(given, own_system.run) == DIFFERENT
    assert "it was altered" in capsys.readouterr().out


def test_a_start_before_the_decision_is_refused_and_nothing_is_published(own_system: System) -> None:
    assert play_story(TOO_EARLY, own_system.run) == OK


def test_a_budget_is_shared_committed_lowered_and_discharged_to_the_ore(own_system: System) -> None:
    assert play_story(HERE / "09-budget.yaml", own_system.run) == OK


def test_plan_presence_and_measurements_are_shared_and_each_agency_sees_its_part(
    own_system: System, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play_story(HERE / "12-plan-and-presence.yaml", own_system.run) == OK, capsys.readouterr().out


@pytest.mark.parametrize("story", ["02-timra-extratjanster", "03-skelleftea", "10-late-decision"])
def test_what_the_rules_give_comes_out_to_the_ore_and_day(
    own_system: System, story: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play_story(HERE / f"{story}.yaml", own_system.run) == OK, capsys.readouterr().out


@pytest.mark.parametrize("story", ["07-consent-withdrawn", "08-protected"])
def test_what_is_withdrawn_or_protected_is_shown_no_more_also_when_played_again(
    own_system: System, story: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert play_story(HERE / f"{story}.yaml", own_system.run) == OK, capsys.readouterr().out


def test_the_municipality_is_reminded_of_a_month_that_nobody_has_claimed(
    own_system: System, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play_story(HERE / "13-reminders.yaml", own_system.run) == OK, capsys.readouterr().out


def test_the_municipality_that_has_the_case_is_told_and_the_one_by_default_is_not(
    own_system: System, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play_story(HERE / "14-another-municipality.yaml", own_system.run) == OK, capsys.readouterr().out


def test_an_employer_takes_a_participant_from_opening_to_certificate(
    own_system: System, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play_story(HERE / "11-employer.yaml", own_system.run) == OK, capsys.readouterr().out


def test_a_late_claim_is_forfeited_and_reopened_for_a_stated_reason_by_two_persons(own_system: System) -> None:
    assert play_story(HERE / "05-late-claim.yaml", own_system.run) == OK


def test_an_unreported_end_is_corrected_heard_recovered_and_set_off_to_the_ore(
    own_system: System, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play_story(HERE / "06-unreported-end.yaml", own_system.run) == OK
    capsys.readouterr()
    assert verify(None, own_system.run) == OK
    papers, same = capsys.readouterr().out.splitlines()  # the recovery's letter, and those of stories before it
    assert (papers.split()[0], same) == (same.split()[0], f"{papers.split()[0]} the same to the byte")
