"""What a subscriber must check before it believes a record."""

from uuid import UUID

import pytest

from samverkan.schemas.codec import Undecodable
from samverkan.schemas.envelope import EnvelopeInvalid, Requirement
from samverkan.schemas.golden import golden_samples
from samverkan.schemas.participant import ConsentGiven, ParticipantReferred
from samverkan.schemas.record import RecordRefused, read

BY_TYPE = {dict(sample.headers)["ce_type"].decode(): sample for sample in golden_samples()}
CONSENT = BY_TYPE[ConsentGiven.wire_type()]
CASE = CONSENT.key.decode()
PLACEMENT = BY_TYPE["se.samverkan.PlacementStarted.v1"]


def test_a_good_record_is_read() -> None:
    record = read(CONSENT.topic, CONSENT.key, CONSENT.headers, CONSENT.value)
    assert isinstance(record.event, ConsentGiven)
    assert str(record.place) == f"samverkan.participant/{CONSENT.key.decode()}@3"
    assert record.needs == (record.place._replace(version=2),)


def test_a_record_needs_its_stream_before_it_and_what_it_requires() -> None:
    proposed = BY_TYPE["se.samverkan.PlacementProposed.v1"]
    record = read(proposed.topic, proposed.key, proposed.headers, proposed.value)
    assert record.envelope.version == 1
    assert record.needs == record.envelope.requires == (Requirement("samverkan.participant", UUID(CASE), 5),)


def test_a_reader_sees_only_its_compartments() -> None:
    referred = BY_TYPE[ParticipantReferred.wire_type()]
    event = read(referred.topic, referred.key, referred.headers, referred.value, frozenset()).event
    assert isinstance(event, ParticipantReferred)
    assert (event.identity, event.contact, event.health) == (None, None, None)


def test_a_topic_that_nobody_declared_is_refused() -> None:
    with pytest.raises(RecordRefused, match="topic-unknown"):
        read("samverkan.elsewhere", CONSENT.key, CONSENT.headers, CONSENT.value)


def test_a_source_that_does_not_own_the_topic_is_refused() -> None:
    with pytest.raises(RecordRefused, match="source-not-owner"):
        read("samverkan.placement", CONSENT.key, CONSENT.headers, CONSENT.value)


@pytest.mark.parametrize("key", [None, b"", PLACEMENT.key, CONSENT.key.upper()])
def test_a_key_that_is_not_the_stream_is_refused(key: bytes | None) -> None:
    with pytest.raises(RecordRefused, match="key-not-subject"):
        read(CONSENT.topic, key, CONSENT.headers, CONSENT.value)


@pytest.mark.parametrize("value", [None, b""])
def test_a_tombstone_is_refused(value: bytes | None) -> None:
    with pytest.raises(RecordRefused, match="value-missing"):
        read(CONSENT.topic, CONSENT.key, CONSENT.headers, value)


def test_an_event_without_its_place_in_the_log_is_refused() -> None:
    headers = [header for header in CONSENT.headers if header[0] != "ce_logindex"]
    with pytest.raises(EnvelopeInvalid, match="envelope-attribute-missing: logindex"):
        read(CONSENT.topic, CONSENT.key, headers, CONSENT.value)


def test_an_event_of_another_topic_is_refused() -> None:
    headers = [(name, b"/samverkan/intake" if name == "ce_source" else text) for name, text in PLACEMENT.headers]
    with pytest.raises(RecordRefused, match="type-not-on-topic"):
        read("samverkan.participant", PLACEMENT.key, headers, PLACEMENT.value)


def test_envelope_and_payload_keep_their_own_codes() -> None:
    with pytest.raises(EnvelopeInvalid, match="envelope-attribute-missing"):
        read(CONSENT.topic, CONSENT.key, (), CONSENT.value)
    with pytest.raises(Undecodable, match="payload-invalid"):
        read(CONSENT.topic, CONSENT.key, CONSENT.headers, b"{}")
