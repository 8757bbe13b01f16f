"""A service's process under chaos: its clock may jump, it may lack the newest event types, it may be planted with a
bug. Everything of that is done here, to this process, before the service's own main: no service has a hook for it."""

import importlib
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, cast

from samverkan.backbone import app
from samverkan.cli.chaos.plants import PLANTS
from samverkan.schemas.codec import EVENT_TYPES

CLOCK_FILE: Final = "SAMVERKAN_CHAOS_CLOCK_FILE"
UNKNOWN_TYPES: Final = "SAMVERKAN_CHAOS_UNKNOWN_TYPES"
PLANT: Final = "SAMVERKAN_CHAOS_PLANT"

for _service in ("intake", "placement", "funding", "notify", "agency"):
    importlib.import_module(f"samverkan.{_service}.app")  # once, in the forking process


class JumpingClock:
    """The machine's clock and what a file says to add to it, in seconds."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        """The instant, in UTC, as this process is to believe it."""
        try:
            offset = float(self._file.read_text())
        except (FileNotFoundError, ValueError):  # not there yet, or being written
            offset = 0.0
        return datetime.now(UTC) + timedelta(seconds=offset)


def main() -> None:
    """`sys.argv[0]` is the service's name: intake, agency.af; a replica has `#2` behind it."""
    clock = JumpingClock(Path(os.environ.pop(CLOCK_FILE)))
    setattr(app, "SystemClock", lambda: clock)  # noqa: B010 - mypy knows the class, this is another
    for wire_type in os.environ.pop(UNKNOWN_TYPES, "").split():
        cast("dict[str, Any]", EVENT_TYPES).pop(wire_type)  # nobody else may change it
    if plant := os.environ.pop(PLANT, ""):
        PLANTS[plant].sow()
    family = sys.argv[0].split(".")[0].split("#")[0]
    importlib.import_module(f"samverkan.{family}.app").main()
