"""What an active relay keeps an eye on: is the topic still the one that was compared, does an operator ask (W2)."""

import asyncio
from typing import Final

import structlog
from aiokafka.errors import KafkaError

from samverkan.backbone.database import sql, transaction
from samverkan.backbone.errors import Transient
from samverkan.backbone.recovery.own_topic import OwnTopic, Shape, own_topic
from samverkan.backbone.recovery.steps import Steps, note_landmarks
from samverkan.backbone.relay.guard import CompareAgain
from samverkan.schemas.catalogue import Topic

log = structlog.get_logger(__name__)

LANDMARK_SECONDS: Final = 10.0  # the next start reads what was sent in the last so many, and what came after
WATCH_SECONDS: Final = 1.0


async def watch(steps: Steps, bootstrap: str, topic: Topic) -> None:
    """Look every second, without end; every ten seconds note how far topic and log are known to agree.

    CompareAgain: what was compared is not what is there, or an operator asks for a comparison.
    """
    while True:
        try:
            async with own_topic(bootstrap, topic) as reading:
                await _watch(steps, reading, await reading.shape())
        except (KafkaError, Transient) as error:  # the relay meets the same, and knows what to do
            log.debug("watch_postponed", error=type(error).__name__)
            await asyncio.sleep(WATCH_SECONDS)


async def _watch(steps: Steps, topic: OwnTopic, before: Shape) -> None:
    while True:
        for _ in range(round(LANDMARK_SECONDS / WATCH_SECONDS)):
            await asyncio.sleep(WATCH_SECONDS)
            await _heed(steps)
        shape = await topic.shape()
        if shape.topic_id != before.topic_id or any(shape.ends.get(p, 0) < end for p, end in before.ends.items()):
            raise CompareAgain("topic-recreated")
        async with steps.step() as (_, next_index, cursor):
            pass
        # What was numbered after the ends were read lies above them; what was numbered before must be acknowledged.
        while cursor < next_index:
            await asyncio.sleep(WATCH_SECONDS)
            cursor = await _heed(steps)
        async with steps.step() as (connection, _, _):
            await note_landmarks(connection, shape, next_index)
        before = shape


async def _heed(steps: Steps) -> int:
    """The cursor. CompareAgain: the database is another one, or an operator asks for something."""
    async with transaction(steps.pool) as connection:
        steps.admit(connection)
        row = await connection.fetchrow(sql(__package__, "heed.sql"))
    if row is None or row["compared_with"] != steps.identity:
        raise CompareAgain("log-not-compared")
    if row["asked"]:
        raise CompareAgain("operator-asked")
    return int(row["cursor"])
