"""Where everything that the system makes is kept."""

import os
from pathlib import Path


def home() -> Path:
    """SAMVERKAN_HOME, which the launcher sets to .samverkan in the checkout unless the caller did."""
    try:
        return Path(os.environ["SAMVERKAN_HOME"]).resolve()
    except KeyError:
        return checkout() / ".samverkan"


def checkout() -> Path:
    """The repository's root: the members are always installed in place."""
    return Path(__file__).resolve().parents[3]
