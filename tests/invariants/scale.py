"""How hard to try: 1 is quick enough for every change, SAMVERKAN_STRESS=10 is for a night.

SAMVERKAN_SEED chooses other random numbers; without it every run is the same. SAMVERKAN_SHRINK=1 makes hypothesis look
for the smallest counterexample, which takes minutes on a real database.
"""

import os
from random import Random
from typing import Final

from hypothesis import HealthCheck, Phase, settings

STRESS: Final = max(1, int(os.environ.get("SAMVERKAN_STRESS", "1")))
SEED: Final = int(os.environ["SAMVERKAN_SEED"]) if "SAMVERKAN_SEED" in os.environ else None

SHRINK: Final = os.environ.get("SAMVERKAN_SHRINK") == "1"


def scaled(number: int) -> int:
    """So many of something, times the stress asked for."""
    return number * STRESS


def seeded(seed: int) -> Random:
    """Random numbers: the same at every run, unless SAMVERKAN_SEED asks for others."""
    return Random(seed if SEED is None else f"{SEED}/{seed}")


def explored(examples: int, **more: int) -> settings:
    """So many examples of a property, times the stress; drawn alike at every run, unless SAMVERKAN_SEED is set."""
    return settings(
        max_examples=scaled(examples),
        deadline=None,  # a laden machine is no counterexample
        derandomize=SEED is None,
        database=None,
        print_blob=True,
        phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if SHRINK else [])],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
        **more,  # type: ignore[arg-type]
    )
