"""A journal row as the Kafka record that it becomes: the same bytes at every send."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Final, NamedTuple

import asyncpg

from samverkan.schemas.entry import entry_of_texts, leaf_of
from samverkan.schemas.headers import CONTENT_TYPE, Headers, Layout, layout

_LAST: Final = ("content-type", CONTENT_TYPE)

Pick = Callable[[Mapping[str, str]], tuple[str, ...]]


class Outgoing(NamedTuple):
    """One numbered row, ready to be sent. `leaf`: its leaf in the source's Merkle tree."""

    log_index: int
    position: int
    topic: str
    partition: int
    key: bytes
    headers: Headers
    value: bytes
    leaf: bytes


def outgoing(row: asyncpg.Record, log_index: int) -> Outgoing:
    """The record of a journal row under its log index."""
    attributes = row["attributes"]
    attributes["logindex"] = str(log_index)
    shape, pick = _shape(tuple(attributes))
    texts = [text.encode() for text in pick(attributes)]
    topic, key, value = row["topic"], str(row["stream_id"]).encode(), row["value"]
    leaf = leaf_of(entry_of_texts(topic, key, shape, texts, value))
    headers = (*zip(shape.names, texts, strict=True), _LAST)
    return Outgoing(log_index, row["position"], topic, row["partition"], key, headers, value, leaf)


def numbered(rows: Sequence[asyncpg.Record], first: int) -> list[Outgoing]:
    """The rows in position order, numbered densely from `first`."""
    return [outgoing(row, first + number) for number, row in enumerate(rows)]


@lru_cache(1024)
def _shape(names: tuple[str, ...]) -> tuple[Layout, Pick]:
    """The layout of records with these attributes, and what picks their texts in its order."""
    ascending = sorted(names)
    return layout((*(f"ce_{name}" for name in ascending), _LAST[0])), itemgetter(*ascending)
