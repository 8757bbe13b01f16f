"""Fills a journal with cases: the events that a participant's topic really carries, in the order of a busy day.

Three million rows would take the journal itself five minutes, so the rows are copied in; every thousandth is compared
with what `Journal.prepare` makes of the same event. Opaque ids only; identity stays empty, because no personnummer is
ever invented.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from aiokafka.partitioner import murmur2

from samverkan.backbone.command import Context
from samverkan.backbone.database import Pool, transaction
from samverkan.backbone.journal.journal import Journal, StreamHead, Write, event_id
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

_ROWS_PER_TRANSACTION: Final = 5_000
_COMPARED_EVERY: Final = 1_000
_DAY: Final = date(2026, 3, 2)
_COLUMNS: Final = ("stream_id", "version", "partition", "event_id", "attributes", "value", "topic")
_MARK: Final = "insert into unsequenced select position from journal where position > $1"

Row = tuple[UUID, int, int, UUID, dict[str, str], bytes]


class FillingDiffers(Exception):
    """A copied row is not what the journal writes: mend `filling.py`, or every figure is about something else."""


@dataclass(frozen=True, slots=True)
class _Stream:
    stream_id: UUID
    partition: int


async def fill(pool: Pool, journal: Journal, streams: int, events: int) -> None:
    """Write so many events, round after round over so many new streams, committed and not yet numbered."""
    topic = journal.topic
    await pool.execute(
        "insert into topic values ($1, $2) on conflict do nothing", topic.name, topic.partitions
    )  # what the relay normally learns from Kafka
    made = [_stream(topic.partitions) for _ in range(min(streams, events))]
    full, rest = divmod(events, len(made))
    heads = [
        (stream.stream_id, topic.name, stream.partition, stream.stream_id, full + (number < rest))
        for number, stream in enumerate(made)
    ]
    async with transaction(pool) as connection:
        await connection.copy_records_to_table(
            "stream", records=heads, columns=["stream_id", "topic", "partition", "correlation_id", "version"]
        )
    for group, version in _rounds(made, events):
        rows = _rows(journal, group, version)
        async with transaction(pool) as connection:
            last = await connection.fetchval("select coalesce(max(position), 0) from journal")
            await connection.copy_records_to_table(
                "journal", records=[(*row, topic.name) for row in rows], columns=list(_COLUMNS)
            )
            await connection.execute(_MARK, last)


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


def _rows(journal: Journal, group: Sequence[_Stream], version: int) -> list[Row]:
    context = Context(datetime.now(UTC), uuid4(), actor="actor-bench-0001", agency="af")
    happened = event(version)
    pattern = _prepared(journal, group[0], version, happened, context)
    rows = [_like(pattern, stream, context.command_id) for stream in group]
    for stream, row in list(zip(group, rows, strict=True))[::_COMPARED_EVERY]:
        if row != _prepared(journal, stream, version, happened, context):
            raise FillingDiffers(f"version {version} of a stream")
    return rows


def _prepared(journal: Journal, stream: _Stream, version: int, happened: Event, context: Context) -> Any:
    head = StreamHead(stream.stream_id, version - 1, stream.partition, stream.stream_id if version > 1 else None)
    return journal.prepare([Write(head, [happened], context)]).rows[0]


def _like(pattern: Row, stream: _Stream, command_id: UUID) -> Row:
    """The row of the same event on another stream."""
    _, version, _, _, attributes, value = pattern
    name = str(stream.stream_id)
    its_id = event_id(command_id, stream.stream_id, 1)
    attributes = {**attributes, "id": str(its_id), "subject": name, "correlationid": name}
    return stream.stream_id, version, stream.partition, its_id, attributes, value


def _stream(partitions: int) -> _Stream:
    stream_id = uuid4()
    return _Stream(stream_id, (murmur2(str(stream_id).encode()) & 0x7FFFFFFF) % partitions)


def _rounds(streams: Sequence[_Stream], events: int) -> Iterator[tuple[Sequence[_Stream], int]]:
    version = 0
    while events > 0:
        version += 1
        taken = min(len(streams), events)
        for start in range(0, taken, _ROWS_PER_TRANSACTION):
            yield streams[start : min(start + _ROWS_PER_TRANSACTION, taken)], version
        events -= taken
