"""Topics are declared in the catalogue and created here; a client never creates one."""

from collections.abc import Iterable
from typing import Protocol

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from samverkan.deploy.errors import StartFailed, TopicsDiffer

_UNKNOWN_TOPIC = 3
_ALREADY_EXISTS = 36


class Declared(Protocol):
    """What is needed of samverkan.schemas.catalogue.Topic."""

    @property
    def name(self) -> str: ...
    @property
    def partitions(self) -> int: ...


async def ensure_topics(bootstrap: str, declared: Iterable[Declared], *, copies: int = 1) -> list[str]:
    """Create what is missing, returning the names; a second call changes nothing.

    TopicsDiffer: a topic has another number of partitions than declared; then nothing is created. More partitions
    are an operation of their own (S8), fewer are impossible.
    """
    wanted = {topic.name: topic.partitions for topic in declared}
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        existing = await _partitions(admin, list(wanted))
        differing = [
            f"{name} has {existing[name]} partitions and is declared with {count}"
            for name, count in wanted.items()
            if existing.get(name, count) != count
        ]
        if differing:
            raise TopicsDiffer(f"The broker's topics differ from the catalogue: {'; '.join(differing)}.")
        missing = [name for name in wanted if name not in existing]
        if missing:
            new = [NewTopic(name, wanted[name], copies) for name in missing]
            answer = await admin.create_topics(new)
            refused = [(name, text) for name, code, text in answer.topic_errors if code not in (0, _ALREADY_EXISTS)]
            if refused:
                raise StartFailed(f"Kafka refused topics: {'; '.join(f'{name}: {text}' for name, text in refused)}.")
        return missing
    finally:
        await admin.close()


async def _partitions(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, int]:
    described = await admin.describe_topics(names)
    return {one["topic"]: len(one["partitions"]) for one in described if one["error_code"] != _UNKNOWN_TOPIC}
