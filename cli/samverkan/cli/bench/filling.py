"""Fills a journal with cases: the events that a participant's topic really carries, in the order of a busy day.

Opaque ids only; identity stays empty, because no personnummer is ever invented.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from samverkan.backbone.command import Context
from samverkan.backbone.database import Pool, transaction
from samverkan.backbone.journal.journal import Journal, Write
from samverkan.schemas.event import Compartment, Event
from samverkan.schemas.participant import (
    AssessmentRecorded,
    AssessmentScores,
    ConsentGiven,
    Contact,
    ParticipantReferred,
    Programme,
    ReferralReason,
)

_STREAMS_PER_TRANSACTION = 1000
_DAY = date(2026, 3, 2)


async def fill(pool: Pool, journal: Journal, streams: int, events: int) -> None:
    """Append so many events, round after round over so many new streams."""
    await pool.execute(
        "insert into topic values ($1, $2) on conflict do nothing", journal.topic.name, journal.topic.partitions
    )  # what the relay normally learns from Kafka
    ids = [uuid4() for _ in range(streams)]
    for group, version in _rounds(ids, events):
        context = Context(datetime.now(UTC), uuid4(), actor="actor-bench-0001", agency="af")
        async with transaction(pool) as connection:
            heads = await journal.lock_heads(connection, group)
            writes = [Write(heads[stream_id], [event(version)], context) for stream_id in group]
            await journal.append(connection, journal.prepare(writes))


def event(version: int) -> Event:
    """The event of a case at that version: referred, then consents and assessments in turn."""
    if version == 1:
        return ParticipantReferred(
            programme=Programme.INTRODUKTIONSJOBB,
            referred_by="af",
            agencies_needed=("af", "kommun", "region"),
            received_on=_DAY,
            contact=Contact(language="sv", needs_interpreter=False),
            health=ReferralReason(reason="Behöver stöd av flera myndigheter för att komma i arbete."),
        )
    if version % 2 == 0:
        return ConsentGiven(
            agency="region",
            purpose="plan",
            compartments=(Compartment.IDENTITY, Compartment.CONTACT, Compartment.HEALTH),
            given_on=_DAY,
        )
    scores = {"structure": 3, "health": 2, "network": 4, "skills": 3, "readiness": 2}
    return AssessmentRecorded(
        instrument="samverkan-5", instrument_version=1, assessed_on=_DAY, health=AssessmentScores(scores=scores)
    )


def _rounds(ids: Sequence[UUID], events: int) -> Iterator[tuple[Sequence[UUID], int]]:
    version = 0
    while events > 0:
        version += 1
        for start in range(0, min(len(ids), events), _STREAMS_PER_TRANSACTION):
            yield ids[start : min(start + _STREAMS_PER_TRANSACTION, events)], version
        events -= len(ids)
