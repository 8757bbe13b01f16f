"""A journal row as the Kafka record that it becomes: the same bytes at every send."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from samverkan.schemas.envelope import Headers, leaf_hash, to_headers


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One numbered row, ready to be sent."""

    log_index: int
    position: int
    topic: str
    partition: int
    key: bytes
    headers: Headers
    value: bytes

    @property
    def leaf(self) -> bytes:
        """The record's leaf hash in the source's Merkle tree."""
        return leaf_hash(self.topic, self.key, self.headers, self.value)


def outgoing(row: asyncpg.Record, log_index: int) -> Outgoing:
    """The record of a journal row under its log index."""
    attributes = {**row["attributes"], "logindex": str(log_index)}
    return Outgoing(
        log_index,
        row["position"],
        row["topic"],
        row["partition"],
        str(row["stream_id"]).encode(),
        to_headers(attributes),
        row["value"],
    )


def numbered(rows: Sequence[asyncpg.Record], first: int) -> list[Outgoing]:
    """The rows in position order, numbered densely from `first`."""
    return [outgoing(row, first + number) for number, row in enumerate(rows)]
