"""`./samverkan chaos` in its short form, and the checker that must find what was planted."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from samverkan.deploy.exits import DIFFERENT, OK, USAGE
from samverkan.deploy.home import home
from scale import STRESS

# What must strike within the seconds of a short run: with this seed it does.
SHORT = ("--small", "--minutes", "0.2", "--seed", "23")

# By planted bug, faults that bring it out, and the invariant by which it is found.
PLANTED = {
    "no-waiting": ("freeze-agency,kill-agency,restore-agency", "S5"),
    "no-idempotency": ("cut,kill-service", "J1"),
    "acknowledge-first": ("kill-agency,kill-service", "S1"),
    "cursor-before-acknowledgement": ("kill-service", "R1"),
    "no-limit": ("kill-agency", "J1"),
}
IN_EVERY_RUN = "no-waiting"


def chaos(file: Path, *options: str, expected: int) -> dict[str, Any]:
    """Run it in a process of its own; its report."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "samverkan.cli", "chaos", *options, "--json", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == expected, done.stdout[-6000:] + done.stderr[-3000:]
    report: dict[str, Any] = json.loads(file.read_text())
    return report


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_short_storm_of_every_kind_leaves_nothing_lost_doubled_or_out_of_order(tmp_path: Path) -> None:
    report = chaos(tmp_path / "report.json", *SHORT, expected=OK)
    assert (report["lost"], report["doubled"], report["out_of_order"], report["violations"]) == (0, 0, 0, [])
    assert (report["overspent"], report["commitments"] > 0) == (0, True)
    assert report["commands"]["acknowledged"] > 20  # or there was nothing to lose
    assert sum(report["struck"].values()) >= 8, report["struck"]
    assert not [path for path in (home() / "chaos").glob("23-*") if path.is_dir()], "it leaves nothing behind"


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("plant", [IN_EVERY_RUN] if STRESS == 1 else PLANTED)
def test_a_planted_bug_is_found_by_the_invariant_that_it_breaks(tmp_path: Path, plant: str) -> None:
    faults, invariant = PLANTED[plant]
    options = ("--small", "--minutes", "0.15" if STRESS == 1 else "0.5", "--seed", "3", "--faults", faults)
    report = chaos(tmp_path / "report.json", *options, "--plant", plant, expected=DIFFERENT)
    assert invariant in {violation["invariant"] for violation in report["violations"]}
    assert f"--seed 3 --small --faults {faults}" in report["again"]


def test_a_fault_that_does_not_exist_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    from samverkan.cli.chaos.start import start_chaos

    asked = {"minutes": 1.0, "seed": 1, "small": True, "json_file": None, "keep": False}
    assert start_chaos(faults="kill-service,meteor", plant=None, **asked) == USAGE  # type: ignore[arg-type]
    assert "there is no fault meteor" in capsys.readouterr().err
    assert start_chaos(faults="cut", plant="typo", **asked) == USAGE  # type: ignore[arg-type]
