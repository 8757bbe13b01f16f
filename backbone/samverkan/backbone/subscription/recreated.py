"""A topic that was deleted and created anew, accepted by a store that reads it: from its beginning, nothing twice."""

from uuid import UUID

from samverkan.backbone.database import Connection
from samverkan.backbone.errors import Refused
from samverkan.backbone.subscription import store


async def accept_recreated(connection: Connection, name: str, topic: str, topic_id: UUID, records: int) -> bool:
    """Read the topic that is there now from offset 0, in the caller's transaction; False when the store does already.

    What the store has applied comes again and is dropped by its heads, leaf for leaf; another event in the place of
    one that it has is a fork (W3). Places of records that were rejected go: they mean other records now. Lifts the
    halt that the recreated topic led to.
    Refused `topic-shorter`: the topic does not hold yet what the store has of it; `records` is how many it holds.
    """
    await store.lock(connection, name)
    known = (await store.read_topic_ids(connection)).get(topic)
    if known is None or known == topic_id:
        return False
    kept: int = await connection.fetchval("select count(*) from kept_event where topic = $1", topic)
    if records < kept:
        raise Refused("topic-shorter", topic=topic, records=str(records), kept=str(kept))
    await connection.execute(
        "update subscription_offset set next_offset = 0, topic_id = $2 where topic = $1", topic, topic_id
    )
    await connection.execute("delete from rejected_record where topic = $1", topic)
    await connection.execute("update subscription set halted_at = null, halted_reason = null where name = $1", name)
    return True
