"""Does a commitment exceed its budget?"""

from collections.abc import Iterator
from typing import Final

from samverkan.cli.chaos.facts import Facts
from samverkan.cli.chaos.violation import Violation

NO_BUDGETS: Final = "no budgets yet"
"""What a report says instead of a count that nothing could have raised: no topic carries budgets or commitments."""


def budgets_hold(_facts: Facts) -> Iterator[Violation]:
    """Nothing to compare: funding publishes neither budgets nor commitments yet."""
    return iter(())
