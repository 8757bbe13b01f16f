"""A service's process under chaos: it may lack the newest event types, it may be planted with a bug. Everything of
that is done here, to this process, before the service's own main: no service has a hook for it."""

import importlib
import os
import sys
from typing import Any, Final, cast

from samverkan.cli.chaos.plants import PLANTS
from samverkan.schemas.codec import EVENT_TYPES

UNKNOWN_TYPES: Final = "SAMVERKAN_CHAOS_UNKNOWN_TYPES"
PLANT: Final = "SAMVERKAN_CHAOS_PLANT"

for _service in ("intake", "placement", "funding", "notify", "agency"):
    importlib.import_module(f"samverkan.{_service}.app")  # once, in the forking process


def main() -> None:
    """`sys.argv[0]` is the service's name: intake, agency.af; a replica has `#2` behind it."""
    for wire_type in os.environ.pop(UNKNOWN_TYPES, "").split():
        cast("dict[str, Any]", EVENT_TYPES).pop(wire_type)  # nobody else may change it
    if plant := os.environ.pop(PLANT, ""):
        PLANTS[plant].sow()
    family = sys.argv[0].split(".")[0].split("#")[0]
    importlib.import_module(f"samverkan.{family}.app").main()
