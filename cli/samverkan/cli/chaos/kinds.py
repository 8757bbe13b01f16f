"""The kinds of faults: what each strikes, what it keeps busy meanwhile, how long it lasts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from samverkan.cli.chaos.size import Size
from samverkan.schemas.catalogue import TOPICS


class Kind(StrEnum):
    """Their names on the command line and in reports."""

    KILL_SERVICE = "kill-service"
    KILL_AGENCY = "kill-agency"
    KILL_BROKER = "kill-broker"
    KILL_DATABASE = "kill-database"
    FREEZE_SERVICE = "freeze-service"
    FREEZE_AGENCY = "freeze-agency"
    FREEZE_BROKER = "freeze-broker"
    FREEZE_DATABASE = "freeze-database"
    CUT = "cut"
    STALL = "stall"
    SLOW = "slow"
    REBALANCE = "rebalance"
    FULL_DISK = "full-disk"
    CLOCK = "clock"
    POISON = "poison"
    UNKNOWN_EVENT = "unknown-event"
    PARTITIONS = "partitions"
    RESTORE_AGENCY = "restore-agency"
    RESTORE_SERVICE = "restore-service"
    FORK = "fork"


@dataclass(frozen=True)
class Rule:
    """`means`: for `--help` and reports. `busy`: what of the target's may not be struck by another fault meanwhile.
    `at_the_end`: only after everything else has healed and the load has ended."""

    means: str
    shortest_seconds: float
    longest_seconds: float
    busy: Callable[[str, Size], frozenset[str]] = lambda target, _: frozenset({target})
    at_the_end: bool = False


def _server(target: str, size: Size) -> frozenset[str]:
    return frozenset({target, *(name for name, server in size.servers.items() if target == f"postgres.{server}")})


def _restored(target: str, size: Size) -> frozenset[str]:
    return frozenset({target, f"postgres.{size.servers[target]}"})


def _clock(target: str, _: Size) -> frozenset[str]:
    return frozenset({f"clock of {target}"})


def _nothing(_target: str, _size: Size) -> frozenset[str]:
    return frozenset()


RULES: Final[Mapping[Kind, Rule]] = {
    Kind.KILL_SERVICE: Rule("kill -9 of a service (relay, API and subscription), down for a while", 0, 5),
    Kind.KILL_AGENCY: Rule("kill -9 of an agency, down for a while", 0, 5),
    Kind.KILL_BROKER: Rule("kill -9 of a broker, down for a while", 0, 8),
    Kind.KILL_DATABASE: Rule("kill -9 of a PostgreSQL server and all its processes, down for a while", 0, 5),
    # Longer than the fifteen seconds after which PostgreSQL ends a frozen session and a lease runs out.
    Kind.FREEZE_SERVICE: Rule("SIGSTOP, later SIGCONT, of a service", 1, 20),
    Kind.FREEZE_AGENCY: Rule("SIGSTOP, later SIGCONT, of an agency", 1, 20),
    Kind.FREEZE_BROKER: Rule("SIGSTOP, later SIGCONT, of a broker", 1, 12),
    Kind.FREEZE_DATABASE: Rule("SIGSTOP, later SIGCONT, of a PostgreSQL server and all its processes", 1, 12),
    Kind.CUT: Rule("every connection of a pair reset in mid-word, new ones refused", 0.2, 6),
    Kind.STALL: Rule("nothing gets through between a pair, and nobody is told", 1, 15),
    Kind.SLOW: Rule("every piece between a pair arrives 20 to 400 ms late", 2, 15),
    Kind.REBALANCE: Rule("a second process of an agency joins its group, later leaves or is killed", 2, 10),
    Kind.FULL_DISK: Rule("no room left on the disk of one store", 2, 8),
    Kind.CLOCK: Rule("the clock of a process jumps by up to an hour, forwards or back, later returns", 2, 15, _clock),
    Kind.POISON: Rule("a stranger writes records to a topic that are no events of ours", 0, 0, _nothing),
    Kind.UNKNOWN_EVENT: Rule("an agency of an older release does not know an event type, later is upgraded", 3, 10),
    Kind.PARTITIONS: Rule("a live topic gets another partition", 0, 0, _nothing),
    Kind.RESTORE_AGENCY: Rule(
        "a database server of agencies is put back to a backup taken a while before", 2, 12, _server
    ),
    Kind.RESTORE_SERVICE: Rule("a service's database is put back to a backup taken a while before", 2, 12, _restored),
    Kind.FORK: Rule("a forged record at a place that is taken (W3)", 0, 0, _nothing, at_the_end=True),
}


def targets(size: Size, full_disk: str | None) -> dict[Kind, Sequence[str]]:
    """What each kind may strike. `full_disk`: the database server whose disk can be filled."""
    brokers = [f"kafka.{number}" for number in range(1, size.brokers + 1)]
    servers = [f"postgres.{name}" for name in dict.fromkeys(size.servers.values())]
    of_agencies = [f"postgres.{name}" for name in dict.fromkeys(size.servers[agency] for agency in size.agencies)]
    both = [*size.services, *size.agencies]
    links = [
        *(f"{name}>{broker}" for name in (*both, "peers") for broker in brokers if name != "peers" or len(brokers) > 1),
        *(f"{name}>postgres" for name in both),
        *(f"caller>{name}" for name in size.services for _ in range(2)),  # where an answer can be lost
    ]
    topics = [topic.name for topic in TOPICS if topic.owner in size.services]
    alone = [name for name in size.services if list(size.servers.values()).count(size.servers[name]) == 1]
    found: dict[Kind, Sequence[str]] = {
        Kind.KILL_SERVICE: size.services,
        Kind.KILL_AGENCY: size.agencies,
        Kind.KILL_BROKER: brokers,
        Kind.KILL_DATABASE: servers,
        Kind.FREEZE_SERVICE: size.services,
        Kind.FREEZE_AGENCY: size.agencies,
        Kind.FREEZE_BROKER: brokers,
        Kind.FREEZE_DATABASE: servers,
        Kind.CUT: links,
        Kind.STALL: links,
        Kind.SLOW: links,
        Kind.REBALANCE: size.agencies,
        Kind.FULL_DISK: [] if full_disk is None else [full_disk],
        Kind.CLOCK: both,
        Kind.POISON: topics,
        Kind.UNKNOWN_EVENT: size.agencies,
        Kind.PARTITIONS: topics,
        Kind.RESTORE_AGENCY: of_agencies,
        Kind.RESTORE_SERVICE: alone,
        Kind.FORK: topics,
    }
    return {kind: names for kind, names in found.items() if names}
