"""Replies under the caller's Idempotency-Key: taken first of all in a transaction, kept in the transaction of what they
tell of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from samverkan.backbone.command import IdempotencyKey
from samverkan.backbone.database import Connection, sql
from samverkan.backbone.errors import Refused, Transient


@dataclass(frozen=True)
class Earlier:
    """What the first request under a key was answered."""

    reply: Any


async def claim(connection: Connection, keys: Sequence[IdempotencyKey]) -> dict[str, Earlier | Refused | Transient]:
    """Take these keys, all different, for this transaction; for each that is taken already, what follows from that.

    A second request with a key waits here until the first has committed or rolled back. Refused
    `idempotency-key-reused`: the key stands for another request. Transient: the first was rolled back meanwhile.
    """
    if not keys:
        return {}
    digests = {key.key: key.request_digest for key in keys}
    taken = await connection.fetch(sql(__package__, "claim_replies.sql"), list(digests), list(digests.values()))
    stands = digests.keys() - {row["idempotency_key"] for row in taken}
    if not stands:
        return {}
    found = {
        row["idempotency_key"]: row
        for row in await connection.fetch(sql(__package__, "read_replies.sql"), list(stands))
    }
    earlier: dict[str, Earlier | Refused | Transient] = {}
    for key in stands:
        if key not in found:
            earlier[key] = Transient("idempotency-raced", "the first request with this key was rolled back meanwhile")
        elif found[key]["request_digest"] != digests[key]:
            earlier[key] = Refused("idempotency-key-reused")
        else:
            earlier[key] = Earlier(found[key]["reply"])
    return earlier


async def keep(connection: Connection, replies: Mapping[str, object]) -> None:
    """Keep what these keys, taken by this transaction, were answered."""
    if replies:
        await connection.execute(sql(__package__, "keep_replies.sql"), list(replies), list(replies.values()))


async def free(connection: Connection, keys: Collection[str]) -> None:
    """Give back keys that this transaction took: nothing was done under them, and they may be used again."""
    if keys:
        await connection.execute(sql(__package__, "free_replies.sql"), list(keys))
