"""What runs by default, and what besides when it is asked for."""

from pathlib import Path

from samverkan.cli.up.plan import whole_system

FIVE = ["agency.kommun", "agency.af", "agency.fk", "agency.region", "agency.forbund"]


def _agencies(*also: str) -> list[str]:
    return [one.name for one in whole_system(Path("key"), also=also).services if one.name.startswith("agency.")]


def test_five_agencies_run_by_default() -> None:
    assert _agencies() == FIVE


def test_another_authority_of_the_municipality_runs_when_asked_for() -> None:
    assert _agencies("socialtjanst") == [*FIVE, "agency.socialtjanst"]
