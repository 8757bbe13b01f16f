"""The checker: pure functions over the facts of a run, one file for each question. Each yields what must not be."""

from collections.abc import Callable, Iterable
from typing import Final

from samverkan.cli.chaos.check.answers import answers_hold
from samverkan.cli.chaos.check.budgets import budgets_hold
from samverkan.cli.chaos.check.logs import logs_are_published
from samverkan.cli.chaos.check.noticed import everything_is_noticed
from samverkan.cli.chaos.check.order import order_holds
from samverkan.cli.chaos.check.still import all_is_still
from samverkan.cli.chaos.check.views import views_are_folds
from samverkan.cli.chaos.check.visible import everything_is_visible
from samverkan.cli.chaos.facts import Facts
from samverkan.cli.chaos.violation import Violation

CHECKS: Final[tuple[Callable[[Facts], Iterable[Violation]], ...]] = (
    answers_hold,
    logs_are_published,
    order_holds,
    everything_is_visible,
    views_are_folds,
    everything_is_noticed,
    all_is_still,
    budgets_hold,
)


def check(facts: Facts) -> list[Violation]:
    """Everything that must not be: what explains the most first."""
    return [violation for one in CHECKS for violation in one(facts)]
