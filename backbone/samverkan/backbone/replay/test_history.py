from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from samverkan.backbone.replay.history import History
from samverkan.schemas.catalogue import TOPIC_BY_NAME
from samverkan.schemas.codec import encode
from samverkan.schemas.envelope import to_attributes
from samverkan.schemas.headers import to_headers
from samverkan.schemas.sample_story import story


@dataclass
class Taken:
    """A record as a Kafka client hands it over."""

    topic: str
    partition: int
    offset: int
    key: Any
    value: Any
    headers: Any


def log() -> list[Taken]:
    """The golden log: every topic with one partition, offsets in the order recorded."""
    offsets: dict[str, Iterator[int]] = {}
    return [
        Taken(
            topic.name,
            0,
            next(offsets.setdefault(topic.name, iter(range(1000)))),
            str(envelope.stream_id).encode(),
            encode(event),
            list(to_headers(to_attributes(envelope))),
        )
        for topic, envelope, event in story()
    ]


def history(records: Iterable[Taken]) -> History:
    taken = History(TOPIC_BY_NAME)
    for record in records:
        taken.take(record)
    return taken


def codes(records: Iterable[Taken]) -> list[str]:
    return [finding.code for finding in history(records).findings()]


def again(record: Taken, **attributes: str) -> Taken:
    """The record at a later offset, with other attributes."""
    headers = dict(record.headers) | {f"ce_{name}": text.encode() for name, text in attributes.items()}
    return replace(record, offset=record.offset + 500, headers=sorted(headers.items()))


def attribute(record: Taken, name: str) -> str:
    text: bytes = dict(record.headers)[f"ce_{name}"]
    return text.decode()


def test_a_whole_log_has_no_finding() -> None:
    records = log()
    taken = history(records)
    assert taken.findings() == []
    assert len(taken.arrivals) == len(records)


def test_a_repeat_is_counted_and_nothing_else() -> None:
    records = log()
    taken = history([*records, *(again(record) for record in records[:3])])
    assert taken.findings() == []
    assert taken.repeats == 3
    assert len(taken.arrivals) == len(records)


def test_another_event_in_the_place_of_one_is_a_fork() -> None:
    records = log()
    altered = again(records[4], commandid=attribute(records[5], "commandid"))
    (finding,) = history([*records, altered]).findings()
    assert finding.code == "fork"
    assert f"version {attribute(records[4], 'streamversion')}" in finding.where
    assert f"@{altered.offset}" in finding.where


def test_the_streams_of_a_fork_are_contested() -> None:
    records = log()
    taken = history([*records, again(records[4], commandid=attribute(records[5], "commandid"))])
    assert {str(stream_id) for stream_id in taken.contested()} == {attribute(records[4], "subject")}


def test_another_record_under_the_same_log_index_is_a_fork_of_the_log() -> None:
    records = log()
    last = max((r for r in records if r.topic == records[0].topic), key=lambda r: int(attribute(r, "streamversion")))
    version = str(int(attribute(last, "streamversion")) + 1)
    assert codes([*records, again(last, streamversion=version)]) == ["log-index-fork"]


@pytest.mark.parametrize("place", [0, 3, 7])
def test_a_missing_record_is_a_hole_in_its_log_and_in_its_stream(place: int) -> None:
    records = log()
    gone = records.pop(place)
    findings = history(records).findings()
    index, version = attribute(gone, "logindex"), attribute(gone, "streamversion")
    assert any(f.code == "log-index-missing" and f.where.endswith(f" {index}") for f in findings)
    assert any(f.code == "version-missing" and f.where.endswith(f" {version}") for f in findings)


def test_the_end_of_a_log_cannot_be_missed() -> None:
    records = log()
    topic = records[-1].topic
    assert codes(records[:-1]) == [], f"the last record of {topic}: only a signed checkpoint would tell"


def test_a_version_that_stands_before_an_earlier_one_is_found() -> None:
    records = log()
    first, second = [record for record in records if record.topic == records[0].topic][:2]
    turned = [replace(second, offset=first.offset), replace(first, offset=second.offset)]
    rest = [record for record in records if record not in (first, second)]
    assert codes([*turned, *rest]) == ["version-out-of-order"]


def test_a_topic_whose_beginning_is_gone_is_found() -> None:
    taken = history(log())
    taken.begins[records_topic := log()[0].topic, 0] = 7
    (finding,) = taken.findings()
    assert str(finding) == f"topic-begins-late: {records_topic}/0 begins at 7"


def test_a_record_of_somebody_else_is_rejected_and_no_part_of_the_log() -> None:
    records = log()
    foreign = again(records[0], source="/samverkan/placement", logindex="99")
    taken = history([*records, foreign])
    assert [record.code for record in taken.rejected] == ["source-not-owner"]
    assert taken.findings() == []


def test_a_stream_on_two_topics_is_found_and_its_second_one_rejected() -> None:
    records = log()
    case, placement = records[0], next(record for record in records if record.topic == "samverkan.placement")
    index = str(sum(record.topic == placement.topic for record in records))
    stranger = replace(again(placement, subject=attribute(case, "subject"), logindex=index), key=case.key)
    taken = history([*records, stranger])
    assert [finding.code for finding in taken.findings()] == ["stream-on-two-topics"]
    assert [record.code for record in taken.rejected] == ["stream-of-another-topic"]
