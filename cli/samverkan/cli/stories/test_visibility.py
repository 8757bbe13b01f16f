"""When stores agree."""

from uuid import UUID

from samverkan.cli.stories.visibility import Kept, disagreements, half_and_longest

STREAM = UUID("11111111-1111-4111-8111-111111111111")


def kept(version: int, leaf: bytes = b"a", seconds: float = 0.1) -> Kept:
    return Kept(STREAM, version, leaf, "PlacementStarted.v1", version, seconds)


def test_the_same_events_in_another_order_agree() -> None:
    assert disagreements({"af": [kept(1), kept(2)], "fk": [kept(2), kept(1)]}) == {}


def test_a_store_that_lacks_an_event_is_told() -> None:
    found = disagreements({"af": [kept(1), kept(2)], "fk": [kept(1)], "kommun": [kept(1), kept(2)]})
    assert found == {"fk": "keeps 0 events that others do not, lacks 1 that they do"}


def test_other_bytes_at_the_same_place_are_no_agreement() -> None:
    found = disagreements({"af": [kept(1)], "fk": [kept(1, b"b")], "kommun": [kept(1)]})
    assert found == {"fk": "keeps 1 events that others do not, lacks 1 that they do"}


def test_no_events_have_no_time() -> None:
    assert half_and_longest([]) is None
    assert half_and_longest([kept(1, seconds=0.1), kept(2, seconds=0.2), kept(3, seconds=0.9)]) == (0.2, 0.9)
