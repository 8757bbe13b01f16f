"""What the checker looks at: everything that was asked, struck, journalled, published, stored. No I/O here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from samverkan.backbone.replay.history import History as Published
from samverkan.backbone.replay.snapshot import Snapshot
from samverkan.backbone.replay.verify import Store
from samverkan.backbone.subscription.arrival import Arrival
from samverkan.cli.chaos.arena import Causes
from samverkan.cli.chaos.history import Command
from samverkan.cli.chaos.schedule import Strike
from samverkan.schemas.catalogue import Topic

Key = tuple[UUID, int]
Place = tuple[str, int]


@dataclass
class Struck:
    """A fault that struck. `told`: what it did; `missed`: why it did not. Instants in UTC."""

    strike: Strike
    struck_at: datetime
    told: str = ""
    missed: str = ""
    healed_at: datetime | None = None

    def __str__(self) -> str:
        lasted = "" if self.healed_at is None else f" for {(self.healed_at - self.struck_at).total_seconds():.1f} s"
        told = f" ({self.told})" if self.told else ""
        return f"{self.strike.number} {self.strike.kind} {self.strike.target}{told}{lasted}"


@dataclass(frozen=True)
class Row:
    """A journal row. `log_index` and `leaf` are None while the relay has not numbered it."""

    stream_id: UUID
    version: int
    position: int
    event_id: UUID
    log_index: int | None
    leaf: bytes | None


@dataclass(frozen=True)
class Journal:
    """A service's journal in position order, and its sequencer."""

    name: str
    topic: Topic
    rows: Sequence[Row]
    unsequenced: int
    next_index: int
    cursor: int


@dataclass(frozen=True)
class Held:
    """One store. `own`: the topic that it writes itself, if it does. `order`: its events in the order applied.
    `forks`: the places of the records that it noted as forks."""

    store: Store
    own: Topic | None
    snapshot: Snapshot
    order: Mapping[Key, int]
    forks: frozenset[tuple[str, int, int]]
    halted: str | None

    @property
    def name(self) -> str:
        """Whose it is."""
        return self.store.name


@dataclass
class Facts:
    """Of one run. `ends`: of every partition. `troubles`: by process, why it is not as it should be."""

    commands: Sequence[Command]
    strikes: Sequence[Struck]
    causes: Causes
    journals: Mapping[str, Journal]
    stores: Mapping[str, Held]
    published: Published
    ends: Mapping[Place, int]
    troubles: Mapping[str, str]
    by_key: dict[Key, Arrival] = field(init=False)

    def __post_init__(self) -> None:
        self.by_key = {(arrival.stream_id, arrival.version): arrival for arrival in self.published.arrivals}
