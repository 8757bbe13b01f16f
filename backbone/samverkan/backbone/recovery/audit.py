"""The whole topic against the whole log, leaf for leaf, while both are in use. Reads only, and asks for no lease.

It proves more than a start does: that every record of the log that Kafka has acknowledged is still there, unaltered,
and that nothing stands there under a log index of ours that the log does not hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from samverkan.backbone.database import Connection, sql
from samverkan.backbone.recovery.comparing import Comparing, Difference
from samverkan.backbone.recovery.own_topic import Shape, own_topic
from samverkan.backbone.subscription.arrival import Arrival
from samverkan.schemas.catalogue import Topic

ROWS: Final = 5_000  # of the log read at once


@dataclass(frozen=True)
class Audit:
    """What was found. `missing`: records of the log that the topic lacks, though Kafka had acknowledged them; `ahead`:
    events that the topic has and the log lacks; `repeats`: records that stand there more than once, which readers drop.
    """

    topic: str
    shape: Shape
    records: int
    log: int
    missing: int
    ahead: int
    repeats: int
    difference: Difference | None

    @property
    def agrees(self) -> bool:
        """Whether both hold the same."""
        return self.difference is None and not self.missing and not self.ahead


async def audit(connection: Connection, bootstrap: str, topic: Topic) -> Audit:
    """Compare. KafkaError, Transient: Kafka cannot be asked."""
    # What is acknowledged now lies below the ends that are read next; what is sent meanwhile is left out.
    sent: int = await connection.fetchval("select cursor from sequencer")
    records = 0
    async with own_topic(bootstrap, topic) as reading:
        shape = await reading.shape()
        lost = await connection.fetch("select logindex from lost_index")
        comparing = Comparing(sent, 0, frozenset(row["logindex"] for row in lost))
        late = [partition for partition, offset in shape.begins.items() if offset > 0]
        beyond: list[Arrival] = []
        async for arrivals in reading.read(shape.begins, shape.ends):
            leaves = await _leaves(connection, arrivals)
            records += len(arrivals)
            for each in arrivals:
                known = leaves.get(each.log_index)
                if each.log_index < sent or (known is not None and known != each.leaf):
                    comparing.take(each.partition, each.offset, each.log_index, each.leaf, known)
                elif known is None:
                    beyond.append(each)
    # A record is numbered before it is sent, so that what is not in the log now never was.
    numbered = await _leaves(connection, beyond)
    ahead = [each for each in beyond if each.log_index not in numbered]
    index = 0
    while index < sent:
        rows = await connection.fetch(sql(__package__, "log_rows.sql"), index, ROWS)
        for row in rows:
            if row["logindex"] < sent:
                comparing.log_row(row["logindex"], row["partition"])
        index = rows[-1]["logindex"] + 1 if rows else sent
    difference = comparing.conclude()
    if difference is None and late:
        difference = Difference("topic-begins-late", f"partition {late[0]} at {shape.begins[late[0]]}")
    return Audit(topic.name, shape, records, sent, comparing.missing, len(ahead), comparing.repeats, difference)


async def _leaves(connection: Connection, arrivals: Sequence[Arrival]) -> dict[int, bytes]:
    rows = await connection.fetch(sql(__package__, "leaves.sql"), [each.log_index for each in arrivals])
    return {row["logindex"]: row["leaf"] for row in rows}
