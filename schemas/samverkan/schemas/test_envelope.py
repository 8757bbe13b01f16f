"""Envelope ↔ headers, and the leaf of a record in the audit tree."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samverkan.schemas.attributes import ATTRIBUTES
from samverkan.schemas.envelope import (
    REQUIRES_MAX,
    VERSION_MAX,
    Envelope,
    EnvelopeInvalid,
    Requirement,
    format_instant,
    from_attributes,
    to_attributes,
)
from samverkan.schemas.headers import from_headers, layout, to_headers

SECRET = "198808112380"  # a test number of Skatteverket's list; no error may repeat it
ENVELOPE = Envelope(
    id=UUID(int=1),
    source="/samverkan/intake",
    type="se.samverkan.ConsentGiven.v1",
    stream_id=UUID(int=2),
    version=3,
    time=datetime(2026, 1, 16, tzinfo=UTC),
    recorded_at=datetime(2026, 1, 16, 9, 0, 0, 5, UTC),
    correlation_id=UUID(int=2),
    log_index=0,
    causation_id=UUID(int=4),
    command_id=UUID(int=5),
    requires=(Requirement("samverkan.placement", UUID(int=6), 7),),
    actor="actor-1",
    agency="kommun",
    legal_basis="OSL 10:1",
    dataschema="urn:samverkan:schema:ConsentGiven:v1",
    traceparent="00-00000000000000000000000000000001-0000000000000002-01",
    extensions=(("futureattribute", "x"),),
)
GOOD = to_headers(to_attributes(ENVELOPE))

TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)
INSTANTS = st.datetimes(timezones=st.just(UTC))
REQUIREMENTS = st.builds(
    Requirement, st.from_regex(r"[a-z0-9._-]{1,20}", fullmatch=True), st.uuids(), st.integers(1, VERSION_MAX)
)
ENVELOPES = st.builds(
    Envelope,
    id=st.uuids(),
    source=TEXT,
    type=TEXT,
    stream_id=st.uuids(),
    version=st.integers(1, VERSION_MAX),
    time=INSTANTS,
    recorded_at=INSTANTS,
    correlation_id=st.uuids(),
    log_index=st.none() | st.integers(0, 10**18 - 1),
    causation_id=st.none() | st.uuids(),
    command_id=st.none() | st.uuids(),
    requires=st.lists(REQUIREMENTS, max_size=REQUIRES_MAX).map(tuple),
    actor=st.none() | TEXT,
    agency=st.none() | TEXT,
    legal_basis=st.none() | TEXT,
    dataschema=st.none() | TEXT,
    traceparent=st.none() | TEXT,
    extensions=st.dictionaries(st.from_regex("x[a-z0-9]{1,10}", fullmatch=True), TEXT, max_size=2).map(
        lambda named: tuple(sorted(named.items()))
    ),
)


@given(ENVELOPES)
def test_headers_give_back_the_envelope(envelope: Envelope) -> None:
    headers = to_headers(to_attributes(envelope))
    assert from_headers(headers) == envelope
    assert to_headers(to_attributes(from_headers(headers))) == headers


def test_other_headers_and_their_order_do_not_matter() -> None:
    assert from_headers([("unrelated", b"\xff"), *reversed(GOOD)]) == ENVELOPE


def test_unknown_attributes_are_kept_and_passed_on() -> None:
    assert from_headers(GOOD).extensions == (("futureattribute", "x"),)
    assert ("ce_futureattribute", b"x") in GOOD


def test_the_table_of_attributes_is_that_of_the_envelope() -> None:
    named = {name.removeprefix("ce_") for name, _ in GOOD} - {"content-type", "futureattribute"}
    assert {entry.name for entry in ATTRIBUTES} == named
    for entry in ATTRIBUTES:
        without = [(name, text) for name, text in GOOD if name != f"ce_{entry.name}"]
        if entry.required:
            with pytest.raises(EnvelopeInvalid, match=f"envelope-attribute-missing: {entry.name}$"):
                from_headers(without)
        else:
            from_headers(without)


def with_header(name: str, value: bytes | None) -> list[tuple[str, bytes | None]]:
    return [*((other, text) for other, text in GOOD if other != f"ce_{name}"), (f"ce_{name}", value)]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("id", None, "envelope-attribute-missing"),
        ("type", b"", "envelope-attribute-missing"),
        ("specversion", b"0.3", "envelope-attribute-invalid"),
        ("id", SECRET.encode(), "envelope-attribute-invalid"),
        ("id", b"{00000000-0000-0000-0000-000000000001}", "envelope-attribute-invalid"),
        ("id", b"00000000000000000000000000000001", "envelope-attribute-invalid"),
        ("subject", b"0000000A-0000-0000-0000-000000000001", "envelope-attribute-invalid"),
        ("correlationid", b"urn:uuid:00000000-0000-0000-0000-000000000001", "envelope-attribute-invalid"),
        ("causationid", b"", "envelope-attribute-invalid"),
        ("commandid", b"x", "envelope-attribute-invalid"),
        ("streamversion", b"0", "envelope-attribute-invalid"),
        ("streamversion", b"-1", "envelope-attribute-invalid"),
        ("streamversion", b"1.0", "envelope-attribute-invalid"),
        ("streamversion", b"1" * 5_000, "envelope-attribute-invalid"),
        ("streamversion", "١".encode(), "envelope-attribute-invalid"),
        ("logindex", b"x", "envelope-attribute-invalid"),
        ("logindex", b"", "envelope-attribute-invalid"),
        ("time", b"yesterday", "envelope-attribute-invalid"),
        ("time", b"2026-01-16", "envelope-attribute-invalid"),
        ("time", b"2026-01-16T00:00:00", "envelope-attribute-invalid"),
        ("time", b"2026-02-30T00:00:00Z", "envelope-attribute-invalid"),
        ("time", b"2026-W03-5T00:00:00Z", "envelope-attribute-invalid"),
        ("time", b"0001-01-01T00:00:00+23:59", "envelope-attribute-invalid"),
        ("recordedtime", b"9999-12-31T23:59:59-23:59", "envelope-attribute-invalid"),
        ("requires", b"samverkan.placement", "envelope-attribute-invalid"),
        ("requires", b"samverkan.placement/00000000-0000-0000-0000-000000000006@0", "envelope-attribute-invalid"),
        ("requires", b"samverkan.placement/0000-00000000-0000-0000-000000000006@1", "envelope-attribute-invalid"),
        ("requires", b" ".join([b"a/00000000-0000-0000-0000-000000000006@1"] * 9), "envelope-attribute-invalid"),
        ("actor", b"a\x00b", "envelope-attribute-invalid"),
        ("actor", b"\xff", "envelope-not-text"),
        ("futureattribute", b"\xff", "envelope-not-text"),
    ],
)
def test_a_broken_attribute_is_named_and_not_repeated(name: str, value: bytes | None, code: str) -> None:
    with pytest.raises(EnvelopeInvalid) as caught:
        from_headers(with_header(name, value))
    assert caught.value.code == code
    assert caught.value.attribute == ("extension" if name == "futureattribute" else name)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("name", ["id", "futureattribute"])
def test_a_doubled_attribute_is_refused(name: str) -> None:
    with pytest.raises(EnvelopeInvalid, match="envelope-attribute-doubled"):
        from_headers([*GOOD, (f"ce_{name}", dict(GOOD)[f"ce_{name}"])])


@given(st.lists(st.tuples(st.sampled_from([name for name, _ in GOOD]) | st.text(max_size=12), st.binary(max_size=40))))
def test_any_headers_are_read_or_invalid(planted: list[tuple[str, bytes]]) -> None:
    names = {name for name, _ in planted}
    try:
        envelope = from_headers([*((name, text) for name, text in GOOD if name not in names), *planted])
    except EnvelopeInvalid:
        return
    assert from_headers(to_headers(to_attributes(envelope))) == envelope  # what was read can be kept and passed on


TEXTS = st.sampled_from(
    [b"", b"0", b"007", b"2147483648", b"9" * 18, b"\xff", b"a\nb", "\u0085".encode(), b"2026-02-30T00:00:00.000000Z"]
)


@given(ENVELOPES, st.lists(st.tuples(st.integers(0, 20), TEXTS | st.binary(max_size=40)), max_size=2))
def test_texts_read_at_once_are_read_as_they_are_one_by_one(
    envelope: Envelope, changes: list[tuple[int, bytes]]
) -> None:
    """Whatever a text says, the pattern for all of them takes nothing that from_attributes would read otherwise."""
    headers = [(name, text) for name, text in to_headers(to_attributes(envelope)) if name.startswith("ce_")]
    for place, text in changes:
        headers[place % len(headers)] = (headers[place % len(headers)][0], text)

    def outcome(read: Callable[[], Envelope]) -> object:
        try:
            return read()
        except EnvelopeInvalid as invalid:
            return invalid.code
        except UnicodeDecodeError:
            return "envelope-not-text"

    shape = layout(tuple(name for name, _ in headers))
    at_once = outcome(lambda: shape.envelope([text for _, text in headers]))
    assert at_once == outcome(lambda: from_attributes({name[3:]: text.decode() for name, text in headers}))


def test_instants_of_other_zones_are_the_same_instant() -> None:
    stockholm = timezone(timedelta(hours=1))
    assert from_headers(with_header("time", b"2026-01-16T01:00:00+01:00")).time == ENVELOPE.time
    assert format_instant(datetime(2026, 1, 16, 1, tzinfo=stockholm)) == "2026-01-16T00:00:00.000000Z"
    assert format_instant(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00.000000Z"
    with pytest.raises(ValueError, match="without a time zone"):
        format_instant(datetime(2026, 1, 16))  # noqa: DTZ001 the error is the point


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "a\nb"},
        {"agency": "\udcff"},
        {"extensions": (("id", "another"),)},
        {"extensions": (("mine", "\x00"),)},
        {"requires": ENVELOPE.requires * (REQUIRES_MAX + 1)},
    ],
)
def test_what_no_reader_would_take_is_not_written(change: dict[str, Any]) -> None:
    with pytest.raises(EnvelopeInvalid, match="envelope-attribute-invalid"):
        to_attributes(ENVELOPE._replace(**change))


@pytest.mark.parametrize("version", ["2147483648", "999999999999"])
def test_a_version_beyond_32_bits_is_refused_before_a_store_has_to(version: str) -> None:
    with pytest.raises(EnvelopeInvalid, match="streamversion"):
        from_attributes({**to_attributes(ENVELOPE), "streamversion": version})
    with pytest.raises(EnvelopeInvalid, match="requires"):
        Requirement.parse(f"samverkan.participant/{ENVELOPE.stream_id}@{version}")
