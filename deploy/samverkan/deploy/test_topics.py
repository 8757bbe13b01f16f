from dataclasses import dataclass

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from samverkan.deploy import topics
from samverkan.deploy.embedded.kafka import EmbeddedKafka
from samverkan.deploy.errors import TopicsDiffer
from samverkan.deploy.topics import ensure_topics


@dataclass(frozen=True)
class Topic:
    name: str
    partitions: int


async def test_a_second_call_creates_nothing(kafka: EmbeddedKafka) -> None:
    declared = [Topic("test.topics.one", 1), Topic("test.topics.six", 6)]
    assert await ensure_topics(kafka.bootstrap, declared) == ["test.topics.one", "test.topics.six"]
    assert await ensure_topics(kafka.bootstrap, declared) == []


async def test_a_topic_with_other_partitions_is_refused_and_nothing_created(kafka: EmbeddedKafka) -> None:
    await ensure_topics(kafka.bootstrap, [Topic("test.topics.there", 2)])
    wanted = [Topic("test.topics.there", 3), Topic("test.topics.new", 1)]
    with pytest.raises(TopicsDiffer, match=r"test\.topics\.there has 2 partitions and is declared with 3"):
        await ensure_topics(kafka.bootstrap, wanted)
    assert await ensure_topics(kafka.bootstrap, [Topic("test.topics.new", 1)]) == ["test.topics.new"]


async def test_a_difference_is_found_when_the_broker_has_not_heard_of_the_topic_yet(
    kafka: EmbeddedKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ensure_topics(kafka.bootstrap, [Topic("test.topics.late", 2)])
    real, looks = topics._partitions, 0

    async def late(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, int]:
        nonlocal looks
        looks += 1
        return {} if looks == 1 else await real(admin, names)

    monkeypatch.setattr(topics, "_partitions", late)
    with pytest.raises(TopicsDiffer, match=r"test\.topics\.late has 2 partitions"):
        await ensure_topics(kafka.bootstrap, [Topic("test.topics.late", 3)])
