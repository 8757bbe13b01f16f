"""An agency's own subscriber, each event once and in order: python subscriber.py KAFKA AGENCY SQLITE_FILE."""

import asyncio
import json
import sqlite3
import sys

from aiokafka import AIOKafkaConsumer, ConsumerRecord

from samverkan.schemas import catalogue, envelope, headers, placement
from samverkan.schemas.record import Record, Unreadable, read

TABLES = """create table if not exists position (topic, part, next_offset, primary key (topic, part));
create table if not exists event (place primary key, id, needs, topic, stream, attributes, value, applied);
create index if not exists waiting on event (place) where not applied;
create table if not exists placement (case_id primary key, starts_on);"""
READY = """select place, topic, stream, attributes, value from event e where not applied and not exists
    (select 1 from json_each(e.needs) n left join event b on b.place = n.value where b.applied is not 1)"""


def fold(db: sqlite3.Connection, record: Record) -> None:  # yours; a compartment that you may not see is None
    match record.event:
        case placement.PlacementStarted(case_id=case_id, starts_on=day):
            db.execute("insert or replace into placement values (?, ?)", (str(case_id), str(day)))


def keep(db: sqlite3.Connection, got: ConsumerRecord) -> None:
    db.execute("insert or replace into position values (?, ?, ?)", (got.topic, got.partition, got.offset + 1))
    try:
        record = read(got.topic, got.key, got.headers, got.value)
    except Unreadable as why:  # call the operator; its stream waits at the hole that it leaves, the others go on
        sys.stderr.write(f"{got.topic} {got.partition} offset {got.offset}: {why}\n")
        return
    needs, known = json.dumps([str(need) for need in record.needs]), envelope.to_attributes(record.envelope)
    row = (str(record.place), known["id"], needs, got.topic, got.key, json.dumps(known), got.value)
    db.execute("insert or ignore into event values (?, ?, ?, ?, ?, ?, ?, 0)", row)  # a repeat changes nothing
    if db.execute("select id from event where place = ?", row[:1]).fetchone() != row[1:2]:
        sys.stderr.write(f"fork, call the operator: two facts claim {record.place}\n")


async def follow(kafka: str, code: str, file: str) -> None:
    db, may_see = sqlite3.connect(file), catalogue.MAY_SEE[catalogue.agency(code).role]
    db.executescript(TABLES)
    position = {(topic, part): offset for topic, part, offset in db.execute("select * from position")}
    options = {"bootstrap_servers": kafka, "auto_offset_reset": "earliest", "enable_auto_commit": False}
    async with AIOKafkaConsumer(*catalogue.TOPIC_BY_NAME, **options) as client:
        for part in client.assignment():  # the offset kept with the data rules, never one that Kafka remembers
            client.seek(part, position.get(part, 0))
        async for got in client:
            with db:  # one transaction: what came, what it led to, how far we are
                keep(db, got)
                while ready := db.execute(READY).fetchall():
                    for place, topic, stream, attributes, value in ready:
                        fold(db, read(topic, stream, headers.to_headers(json.loads(attributes)), value, may_see))
                        db.execute("update event set applied = 1 where place = ?", (place,))


asyncio.run(follow(*sys.argv[1:]))
