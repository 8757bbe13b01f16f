"""`samverkan compare`: is every record of a log in its topic, unaltered, and nothing else."""

from aiokafka.errors import KafkaError

from samverkan.backbone.errors import Transient
from samverkan.backbone.recovery.audit import Audit, audit
from samverkan.cli.parked.opening import NoSuchStore, answered, opened, service_named
from samverkan.cli.up.run import Run
from samverkan.cli.up.say import say
from samverkan.deploy.exits import DIFFERENT, OK
from samverkan.schemas.catalogue import TOPICS, Topic


def compare(service: str | None) -> int:
    """Compare one service's topic, or all, a line each; 0 only if all agree."""

    async def work(run: Run) -> int:
        topics = TOPICS if service is None else (owned(service),)
        found = [await look(run, topic) for topic in topics]
        for each in found:
            say(sentence(each))
        return OK if all(each.agrees for each in found) else DIFFERENT

    return answered(work)


def owned(service: str) -> Topic:
    """The topic of a service. NoSuchStore: it owns none."""
    topics = {topic.owner: topic for topic in TOPICS}
    if service not in topics:
        raise NoSuchStore(f"{service} owns no topic; these do: {', '.join(topics)}.")
    return topics[service]


async def look(run: Run, topic: Topic) -> Audit:
    """Compare the topic with its owner's log. Transient: either cannot be reached."""
    try:
        async with opened(service_named(run, topic.owner)) as pool, pool.acquire() as connection:
            return await audit(connection, run.bootstrap, topic)
    except KafkaError as error:
        raise Transient("kafka-unreachable", type(error).__name__) from None


def sentence(found: Audit) -> str:
    """What was found, in one line."""
    text = f"{found.topic}: {found.records} records, {found.log} in the log"
    if found.difference is not None:
        return f"{text}: DIFFERENT ({found.difference})"
    if found.ahead:
        return f"{text}: {found.ahead} events are in the topic only: its service takes them back"
    if found.missing:
        return f"{text}: {found.missing} are missing in the topic: its service sends them again"
    return f"{text}: equal" + (f", {found.repeats} repeated" if found.repeats else "")
