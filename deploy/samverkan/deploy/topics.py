"""Topics are declared in the catalogue and created here; a client never creates one."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Protocol

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from samverkan.deploy.errors import StartFailed, TopicsDiffer

_UNKNOWN_TOPIC = 3
_ALREADY_EXISTS = 36
_LOOKS = 600  # of 0.05 s: a laden broker


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
        _refuse_differing(wanted, existing)
        missing = [name for name in wanted if name not in existing]
        if missing:
            new = [NewTopic(name, wanted[name], copies) for name in missing]
            # First without creating: the broker that described may not have heard of a topic made a moment ago, the
            # controller that would create it has.
            trial = await admin.create_topics(new, validate_only=True)
            there = [name for name, code, _ in trial.topic_errors if code == _ALREADY_EXISTS]
            _refuse_differing(wanted, await _seen(admin, there))
            answer = await admin.create_topics(new)
            refused = [(name, text) for name, code, text in answer.topic_errors if code not in (0, _ALREADY_EXISTS)]
            if refused:
                raise StartFailed(f"Kafka refused topics: {'; '.join(f'{name}: {text}' for name, text in refused)}.")
            await _seen(admin, missing)
        return missing
    finally:
        await admin.close()


async def recreate_topic(bootstrap: str, declared: Declared, *, copies: int = 1) -> None:
    """Delete the topic and create it anew, empty, with the partitions and copies that it had; one that is not there,
    as declared. Nothing of it comes back.

    StartFailed: Kafka refuses, or still shows the old one after half a minute.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        partitions = declared.partitions
        for one in await admin.describe_topics([declared.name]):
            if one["error_code"] != _UNKNOWN_TOPIC and one["partitions"]:
                partitions = max(partitions, len(one["partitions"]))
                copies = len(one["partitions"][0]["replicas"])
        answer = await admin.delete_topics([declared.name])
        refused = [code for _, code in answer.topic_error_codes if code not in (0, _UNKNOWN_TOPIC)]
        if refused:
            raise StartFailed(f"Kafka does not delete {declared.name}: error {refused[0]}.")
        # Deleting goes on behind the answer, and a creation that comes too early is refused or, with some brokers,
        # lost: until the controller takes it, and until the broker shows it empty.
        for _ in range(_LOOKS):
            created = await admin.create_topics([NewTopic(declared.name, partitions, copies)])
            if all(code == 0 for _, code, _ in created.topic_errors):
                await _seen(admin, [declared.name])
                return
            await asyncio.sleep(0.05)
        raise StartFailed(f"Kafka deleted {declared.name} and does not make it anew: run the same command again.")
    finally:
        await admin.close()


def _refuse_differing(wanted: Mapping[str, int], existing: Mapping[str, int]) -> None:
    differing = [
        f"{name} has {existing[name]} partitions and is declared with {count}"
        for name, count in wanted.items()
        if existing.get(name, count) != count
    ]
    if differing:
        raise TopicsDiffer(f"The broker's topics differ from the catalogue: {'; '.join(differing)}.")


async def _seen(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, int]:
    """The partitions of topics that the controller has, as soon as the broker asked has heard of them all."""
    for _ in range(_LOOKS):
        existing = await _partitions(admin, names) if names else {}
        if len(existing) == len(names):
            return existing
        await asyncio.sleep(0.05)
    raise StartFailed(f"Kafka made topics and does not show them: {', '.join(names)}.")


async def _partitions(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, int]:
    described = await admin.describe_topics(names)
    return {one["topic"]: len(one["partitions"]) for one in described if one["error_code"] != _UNKNOWN_TOPIC}
