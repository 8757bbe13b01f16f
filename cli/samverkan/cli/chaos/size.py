"""How large the system under chaos is."""

from collections.abc import Mapping
from dataclasses import dataclass

from samverkan.schemas.catalogue import DEFAULT_AGENCIES, TOPICS

SERVICES = tuple(topic.owner for topic in TOPICS)


@dataclass(frozen=True)
class Size:
    """`servers`: the database server of each service and agency. `workers`: callers at a time, each with one placement
    under way. `persons`: how many cases."""

    brokers: int
    servers: Mapping[str, str]
    workers: int
    persons: int

    @property
    def services(self) -> tuple[str, ...]:
        """Those that own a topic."""
        return tuple(name for name in self.servers if name in SERVICES)

    @property
    def agencies(self) -> tuple[str, ...]:
        """Those that only read."""
        return tuple(name for name in self.servers if name not in SERVICES)


# The broker count under which one may be lost and everything goes on (min.insync.replicas 2), and a database server
# for each store, so that the end of one is not the end of all.
WHOLE = Size(
    3,
    {name: name for name in (*SERVICES, *(f"agency.{agency.code}" for agency in DEFAULT_AGENCIES))},
    workers=8,
    persons=10,
)

# For a quick look and for tests: about ten processes fewer.
SMALL = Size(
    1,
    {
        **{name: "services" for name in SERVICES if name != "notify"},
        "agency.af": "agencies",
        "agency.forbund": "agencies",
    },
    workers=4,
    persons=3,
)
