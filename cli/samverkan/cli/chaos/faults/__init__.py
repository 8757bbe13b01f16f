"""The faults: each strikes one target and heals what it did."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from samverkan.cli.chaos.arena import Arena
from samverkan.cli.chaos.faults.agencies import Jump, Rebalance, Unknown
from samverkan.cli.chaos.faults.fault import Fault
from samverkan.cli.chaos.faults.network import Cut, Slow, Stall
from samverkan.cli.chaos.faults.processes import Freeze, Kill
from samverkan.cli.chaos.faults.stores import FullDisk, RestoreOwner, RestoreReaders
from samverkan.cli.chaos.faults.topics import Forge, MorePartitions, Poison
from samverkan.cli.chaos.kinds import Kind

FAULTS: Final[Mapping[Kind, Callable[[Arena, str, Random], Fault]]] = {
    Kind.KILL_SERVICE: Kill,
    Kind.KILL_AGENCY: Kill,
    Kind.KILL_BROKER: Kill,
    Kind.KILL_DATABASE: Kill,
    Kind.FREEZE_SERVICE: Freeze,
    Kind.FREEZE_AGENCY: Freeze,
    Kind.FREEZE_BROKER: Freeze,
    Kind.FREEZE_DATABASE: Freeze,
    Kind.CUT: Cut,
    Kind.STALL: Stall,
    Kind.SLOW: Slow,
    Kind.REBALANCE: Rebalance,
    Kind.FULL_DISK: FullDisk,
    Kind.CLOCK: Jump,
    Kind.POISON: Poison,
    Kind.UNKNOWN_EVENT: Unknown,
    Kind.PARTITIONS: MorePartitions,
    Kind.RESTORE_AGENCY: RestoreReaders,
    Kind.RESTORE_SERVICE: RestoreOwner,
    Kind.FORK: Forge,
}
