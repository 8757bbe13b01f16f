"""The catalogue leaves nobody and nothing in doubt."""

from collections import Counter

from samverkan.schemas.catalogue import AGENCIES, MAY_SEE, TOPICS, Role, topics_for
from samverkan.schemas.event import COMPARTMENTS, Event

OWNERS = {topic.owner for topic in TOPICS}


def every_event(kind: type[Event] = Event) -> set[type[Event]]:
    found = {below for below in kind.__subclasses__() if below.__module__.split(".")[-1][:5] != "test_"}
    return found.union(*(every_event(below) for below in found))


def test_each_event_is_in_exactly_one_topic() -> None:
    counted = Counter(event for topic in TOPICS for event in topic.events)
    assert set(counted) == {event for event in every_event() if not event.__name__.startswith("_")}  # a base is none
    assert set(counted.values()) == {1}


def test_names_of_events_are_unique() -> None:
    counted = Counter(event.__name__ for topic in TOPICS for event in topic.events)
    assert [name for name, times in counted.items() if times > 1] == []
    assert not [name for name in counted if name[-1].isdigit()], "the version is no part of the name"


def test_each_topic_has_one_owner_and_each_owner_one_topic() -> None:
    assert len({topic.name for topic in TOPICS}) == len(TOPICS) == len(OWNERS)


def test_every_receiver_exists_and_is_not_the_sender() -> None:
    known = OWNERS | {f"agency.{agency.code}" for agency in AGENCIES}
    for topic in TOPICS:
        assert set(topic.receivers) <= known
        assert len(set(topic.receivers)) == len(topic.receivers)
        assert topic.owner not in topic.receivers


def test_every_role_has_its_bounds() -> None:
    assert set(MAY_SEE) == set(Role)
    assert all(seen <= COMPARTMENTS for seen in MAY_SEE.values())
    assert MAY_SEE[Role.COORDINATION_ASSOCIATION] == frozenset()  # SFS 2003:1210 §7


def test_codes_of_agencies_are_unique() -> None:
    assert len({agency.code for agency in AGENCIES}) == len(AGENCIES)


def test_a_receiver_finds_its_topics() -> None:
    assert [topic.name for topic in topics_for("placement")] == ["samverkan.participant", "samverkan.funding"]
    assert topics_for("agency.af") == TOPICS
    assert topics_for("nobody") == ()
