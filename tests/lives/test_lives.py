"""Many lives at once on the whole system: all stores agree, every krona is as planned, and a wrong plan is told."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from samverkan.cli.ledger.verifying import verify
from samverkan.cli.lives.life import Life, lives
from samverkan.cli.lives.lives import live_all
from samverkan.cli.replay import compare_all
from samverkan.cli.system import System
from samverkan.deploy.exits import OK


def test_many_lives_end_as_planned_and_all_stores_agree(system: System, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = asyncio.run(live_all(system.run, list(lives(1, 12)), workers=12))
    assert outcome.wrong == ()
    assert (outcome.cases, compare_all(system.run)) == (12, OK), capsys.readouterr().out
    assert outcome.events > 12 * 30
    assert verify(show_values=True, run=system.run) == OK, capsys.readouterr().out


class OneOreMore(Life):
    """A plan that believes something else than the rules."""

    @property
    def credit(self) -> Decimal:
        return super().credit + Decimal("0.01")


def test_a_plan_that_is_an_ore_wrong_is_told(system: System) -> None:
    planned = next(life for life in lives(2, 20) if life.months and not life.months[0].late)
    wrong = OneOreMore(**vars(replace(planned, months=planned.months[:1])))
    said = asyncio.run(live_all(system.run, [wrong], workers=1)).wrong
    assert f"life {wrong.number}: credited" in said[0]
    right = planned.credit
    assert f"agency.kommun: credited {right} in all, not {right + Decimal('0.01')}" in said
