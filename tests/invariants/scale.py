"""How hard to try: 1 is quick enough for every change, SAMVERKAN_STRESS=10 is for a night."""

import os
from typing import Final

STRESS: Final = max(1, int(os.environ.get("SAMVERKAN_STRESS", "1")))


def scaled(number: int) -> int:
    """So many of something, times the stress asked for."""
    return number * STRESS
