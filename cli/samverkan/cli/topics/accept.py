"""`samverkan topics accept-recreated`: stores go on with a topic that was created anew."""

from aiokafka.errors import KafkaError

from samverkan.backbone.database import transaction
from samverkan.backbone.errors import Refused, Transient
from samverkan.backbone.recovery.own_topic import Shape, own_topic
from samverkan.backbone.subscription.recreated import accept_recreated as accept
from samverkan.cli.parked.opening import NoSuchStore, answered, opened, service_named
from samverkan.cli.up.run import Run
from samverkan.cli.up.say import complain, say
from samverkan.deploy.exits import DIFFERENT, OK
from samverkan.schemas.catalogue import TOPIC_BY_NAME, Topic, topics_for


def accept_recreated(name: str, *, store: str | None) -> int:
    """Accept it for one store or for every one that reads it, a line each. 1: some store has more than the topic."""

    async def work(run: Run) -> int:
        topic = named(name)
        readers = [each for each in run.services if topic in topics_for(each)]
        if store is not None and store not in readers:
            raise NoSuchStore(f"{store} does not read {name}; these do: {', '.join(readers)}.")
        shape = await shape_of(run, topic)
        outcomes = [await accepted(run, each, topic, shape) for each in readers if store in (None, each)]
        return OK if all(outcomes) else DIFFERENT

    return answered(work)


def named(name: str) -> Topic:
    """The topic. NoSuchStore: with the names that there are."""
    if name not in TOPIC_BY_NAME:
        raise NoSuchStore(f"there is no topic {name}; there are {', '.join(TOPIC_BY_NAME)}.")
    return TOPIC_BY_NAME[name]


async def shape_of(run: Run, topic: Topic) -> Shape:
    """The topic as it is now. Transient: Kafka cannot be asked, or tells no ids."""
    try:
        async with own_topic(run.bootstrap, topic) as reading:
            shape = await reading.shape()
    except KafkaError as error:
        raise Transient("kafka-unreachable", type(error).__name__) from None
    if shape.topic_id is None:
        raise Transient("topic-id-unknown", "the broker is older than 2.8")
    return shape


async def accepted(run: Run, name: str, topic: Topic, shape: Shape) -> bool:
    """Whether the store reads the topic that is there now."""
    assert shape.topic_id is not None
    records = sum(shape.ends.values()) - sum(shape.begins.values())
    try:
        async with opened(service_named(run, name)) as pool, transaction(pool) as connection:
            changed = await accept(connection, name, topic.name, shape.topic_id, records)
    except Refused as refused:
        kept = refused.details["kept"]
        complain(f"{name}: {topic.name} holds {records} records and the store has {kept} of it: republish first.")
        return False
    said = "reads it from its beginning; what it has is dropped" if changed else "reads this topic already"
    say(f"{name}: {said}")
    return True
