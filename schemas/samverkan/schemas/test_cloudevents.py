"""A CloudEvents SDK that knows nothing of us reads our records, and writes them so that we read them."""

import json

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event, to_binary_event

from samverkan.schemas.envelope import to_attributes
from samverkan.schemas.golden import Golden, golden_samples
from samverkan.schemas.headers import from_headers

SAMPLES = golden_samples()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: dict(sample.headers)["ce_type"].decode())
def test_the_sdk_sees_every_attribute(sample: Golden) -> None:
    event = from_binary_event(KafkaMessage(dict(sample.headers), sample.key, sample.value))
    ours = from_headers(sample.headers)
    assert event.get_id() == str(ours.id)
    assert event.get_source() == ours.source
    assert event.get_type() == ours.type
    assert event.get_subject() == str(ours.stream_id)
    assert event.get_time() == ours.time
    assert event.get_dataschema() == ours.dataschema
    assert event.get_datacontenttype() == "application/json"
    assert event.get_data() == json.loads(sample.value)
    core = {"specversion", "id", "source", "type", "subject", "time", "dataschema"}
    for name, text in to_attributes(ours).items():
        if name not in core:
            assert event.get_extension(name) == text, name


@pytest.mark.parametrize("sample", SAMPLES[:3])
def test_what_the_sdk_writes_is_read_here(sample: Golden) -> None:
    message = to_binary_event(from_binary_event(KafkaMessage(dict(sample.headers), sample.key, sample.value)))
    ours, theirs = from_headers(sample.headers), from_headers(message.headers.items())
    assert dict(theirs.extensions).pop("partitionkey") == sample.key.decode()  # the SDK's own name for the key
    assert to_attributes(ours).items() <= to_attributes(theirs).items()
