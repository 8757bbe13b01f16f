"""What the command line asks for, understood or refused before anything starts."""

import secrets
from pathlib import Path

from samverkan.cli.chaos.chaos import Asked, chaos
from samverkan.cli.chaos.kinds import RULES, Kind
from samverkan.cli.chaos.plants import PLANTS
from samverkan.cli.up.say import complain, say
from samverkan.deploy.exits import OK, USAGE

_SECONDS_A_MINUTE = 60.0


def start_chaos(
    *,
    minutes: float,
    seed: int | None,
    faults: str | None,
    small: bool,
    json_file: Path | None,
    keep: bool,
    plant: str | None,
) -> int:
    """The exit code: 0, 1, or that of a wrong option."""
    if faults == "list":
        for kind, rule in RULES.items():
            say(f"{kind:<16} {rule.means}")
        return OK
    kinds = list(Kind) if faults is None else [Kind(name) for name in faults.split(",") if name in set(Kind)]
    if unknown := sorted(set((faults or "").split(",")) - set(Kind) - {""}):
        complain(f"there is no fault {unknown[0]}; ./samverkan chaos --faults list tells them all.")
        return USAGE
    if plant is not None and plant not in PLANTS:
        complain(f"there is no bug {plant}; there are {', '.join(PLANTS)}.")
        return USAGE
    chosen = secrets.randbelow(1_000_000) if seed is None else seed
    say(f"chaos with seed {chosen}")
    return chaos(Asked(minutes * _SECONDS_A_MINUTE, chosen, kinds, small, json_file, keep, plant))
