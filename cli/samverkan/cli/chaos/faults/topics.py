"""What strangers and operators do to topics: records that are no events, forged ones, more partitions."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID, uuid4

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions
from aiokafka.errors import KafkaError

from samverkan.cli.chaos.arena import Forgery
from samverkan.cli.chaos.clients import consumer, producer
from samverkan.cli.chaos.faults.fault import Fault, Missed

Headers = list[tuple[str, bytes]]

_WAIT_MS: Final = 5_000
_GARBAGE: Final = b"\x00\xffnot an event"


class Poison(Fault):
    """Records of somebody who is no service of ours: every reader must list each and pass by."""

    async def strike(self) -> str:
        like = await a_record(self.arena.run.bootstrap, self.target, self.random.random())
        headers = [] if like is None else list(like.headers)
        key = b"" if like is None else like.key
        value = b"{}" if like is None else like.value
        stranger = [(name, b"/samverkan/stranger" if name == "ce_source" else content) for name, content in headers]
        records: list[tuple[bytes | None, bytes | None, Headers]] = [
            (None, _GARBAGE, []),
            (key, value, stranger),
            (str(uuid4()).encode(), value, headers),
            (key, None, headers),
            (key, value, [(name, _GARBAGE if name == "ce_time" else content) for name, content in headers]),
        ]
        try:
            async with producer(self.arena.run.bootstrap) as client:
                partitions = sorted(await client.partitions_for(self.target))
                for record_key, record_value, record_headers in records:
                    sent = await client.send_and_wait(
                        self.target,
                        record_value,
                        key=record_key,
                        headers=record_headers,
                        partition=self.random.choice(partitions),
                    )
                    self.arena.causes.poisoned.add((sent.topic, sent.partition, sent.offset))
        except KafkaError as error:
            raise Missed(type(error).__name__) from None
        return f"{len(records)} records"


class MorePartitions(Fault):
    """The topic gets another partition while it is written and read (S8)."""

    async def strike(self) -> str:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.arena.run.bootstrap)
        try:
            await admin.start()
            (described,) = await admin.describe_topics([self.target])
            count = len(described["partitions"]) + 1
            answer = await admin.create_partitions({self.target: NewPartitions(count)})
        except KafkaError as error:
            raise Missed(type(error).__name__) from None
        finally:
            await admin.close()
        if any(code for _, code, *_ in answer.topic_errors):
            raise Missed("Kafka refused")
        return f"now {count}"


class Forge(Fault):
    """A record with a true envelope and another content, where one stands: as another version of the stream's event,
    or as another stream's event under its log index. Every reader must notice, list it and drop nothing."""

    async def strike(self) -> str:
        true = await a_record(self.arena.run.bootstrap, self.target, self.random.random())
        if true is None:
            raise Missed("there is no record to forge")
        headers = dict(true.headers)
        other_stream = self.random.random() < 0.5
        stream_id = uuid4() if other_stream else UUID(true.key.decode())
        if other_stream:
            headers |= {"ce_subject": str(stream_id).encode(), "ce_streamversion": b"1", "ce_id": str(uuid4()).encode()}
            headers.pop("ce_requires", None)
        async with producer(self.arena.run.bootstrap) as client:
            sent = await client.send_and_wait(
                self.target,
                true.value + b" ",
                key=str(stream_id).encode(),
                headers=list(headers.items()),
                partition=true.partition,
            )
        version = int(headers["ce_streamversion"])
        self.arena.causes.forged.append(Forgery(sent.topic, sent.partition, sent.offset, stream_id, version))
        return f"a {'log index' if other_stream else 'version'} that is taken"


async def a_record(bootstrap: str, topic: str, where: float) -> Any:
    """A record of the topic; `where` between 0 and 1 chooses. None when it is empty or Kafka is away."""
    try:
        async with consumer(bootstrap, topic) as client:
            ends: dict[TopicPartition, int] = await client.end_offsets(client.assignment())
            filled: Sequence[TopicPartition] = sorted(place for place, end in ends.items() if end > 0)
            if not filled:
                return None
            place = filled[int(where * len(filled))]
            client.seek(place, int(where * 7919 % 1 * ends[place]))
            fetched = await client.getmany(place, timeout_ms=_WAIT_MS)
            records = [record for record in fetched.get(place, ()) if _is_ours(record)]
            return records[0] if records else None
    except KafkaError:
        return None


def _is_ours(record: Any) -> bool:
    """Not what chaos itself wrote."""
    headers = dict(record.headers)
    return (
        None not in (record.key, record.value)
        and headers.get("ce_subject") == record.key
        and b"stranger" not in headers.get("ce_source", b"")
        and _GARBAGE not in headers.values()
    )
