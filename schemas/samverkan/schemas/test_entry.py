"""A record's entry, and the leaf of it in the audit tree."""

import hashlib
import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samverkan.schemas.entry import EntryTorn, entry_of, leaf_hash, leaf_of, read_entry
from samverkan.schemas.envelope import EnvelopeInvalid
from samverkan.schemas.golden import golden_samples
from samverkan.schemas.headers import Headers, from_headers

SAMPLE = golden_samples()[0]
HEADERS = SAMPLE.headers
CE = sum(name.startswith("ce_") for name, _ in HEADERS)
KEY, VALUE = b"00000000-0000-0000-0000-000000000002", b'{"a":1}'
LEAF = leaf_hash("topic", KEY, HEADERS, VALUE)


def test_the_leaf_does_not_depend_on_what_transport_changes() -> None:
    assert leaf_hash("topic", KEY, [*reversed(HEADERS), ("traffic", b"x")], VALUE) == LEAF


def test_the_leaf_depends_on_every_byte_that_means_something() -> None:
    others = [
        leaf_hash("topic2", KEY, HEADERS, VALUE),
        leaf_hash("topic", KEY + b"0", HEADERS, VALUE),
        leaf_hash("topic", KEY, HEADERS, VALUE + b" "),
        leaf_hash("topic", KEY, [*HEADERS, ("ce_more", b"")], VALUE),
        *(leaf_hash("topic", KEY, [*HEADERS[:n], (HEADERS[n][0], b"x"), *HEADERS[n + 1 :]], VALUE) for n in range(CE)),
        *(leaf_hash("topic", KEY, HEADERS[:n] + HEADERS[n + 1 :], VALUE) for n in range(CE)),
    ]
    assert len({LEAF, *others}) == 1 + len(others)


BYTES = st.binary(max_size=6)
HEADER_LISTS = st.lists(st.tuples(st.text("ce_a", max_size=5), BYTES), max_size=3, unique_by=lambda header: header[0])
RECORDS = st.tuples(st.text("ab", max_size=3), BYTES, HEADER_LISTS, BYTES)


@given(RECORDS, RECORDS)
def test_no_two_records_share_a_leaf(one: Any, other: Any) -> None:
    def meant(record: tuple[str, bytes, Headers, bytes]) -> object:
        topic, key, headers, value = record
        return topic, key, sorted(header for header in headers if header[0].startswith("ce_")), value

    assert (leaf_hash(*one) == leaf_hash(*other)) == (meant(one) == meant(other))


def test_bytes_that_move_from_one_part_to_the_next_change_the_leaf() -> None:
    assert leaf_hash("t", b"ab", (), b"c") != leaf_hash("t", b"a", (), b"bc")
    assert leaf_hash("t", b"a", [("ce_x", b"yz")], b"") != leaf_hash("t", b"a", [("ce_xy", b"z")], b"")
    assert leaf_hash("t", b"a", [("ce_x", b"y")], b"") != leaf_hash("t", b"a", (), b"ce_xy")


@given(RECORDS)
def test_an_entry_gives_the_record_back(record: tuple[str, bytes, Headers, bytes]) -> None:
    topic, key, headers, value = record
    entry = entry_of(topic, key, headers, value)
    assert read_entry(entry) == (topic, key, tuple(sorted(h for h in headers if h[0].startswith("ce_"))), value)
    assert leaf_of(entry) == leaf_hash(topic, key, headers, value) == hashlib.sha256(b"\x00" + entry).digest()


def test_a_long_text_is_no_different() -> None:
    headers = (("ce_a", b"x" * 1023), ("ce_b", b"x" * 1024), ("ce_c", b"x" * 70_000))
    assert read_entry(entry_of("t", b"k", headers, b"v")) == ("t", b"k", headers, b"v")


def many_names(writer: int) -> Headers:
    """As a foreign writer may send them: up to a megabyte of names that nobody else has."""
    return tuple((f"ce_{writer}x{number}", b"") for number in range(2_000))


def test_s4_what_foreign_writers_choose_as_names_is_not_kept() -> None:
    """Layouts and forms are kept for the next record with the same names; a thousand long ones were gigabytes."""
    leaf_hash("t", b"k", many_names(0), b"v")
    tracemalloc.start()
    try:
        for writer in range(1, 50):
            leaf_hash("t", b"k", many_names(writer), b"v")
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 500_000


def test_s4_a_hundred_thousand_names_take_no_longer_than_their_number_explains() -> None:
    """0.1 s (2026-11), of which a subscription reads nothing else; a pattern of them all took 1.7 s."""

    def seconds(number: int) -> float:
        headers = [(f"ce_{place}", b"") for place in range(number)]
        began = time.process_time()
        with pytest.raises(EnvelopeInvalid):
            from_headers(headers)
        return time.process_time() - began

    assert min(seconds(100_000 + more) for more in range(3)) < 1.0


@given(st.binary(max_size=60), st.integers(1, 30))
def test_bytes_whose_lengths_do_not_add_up_are_no_entry(rest: bytes, cut: int) -> None:
    entry = entry_of(SAMPLE.topic, SAMPLE.key, HEADERS, SAMPLE.value)
    with pytest.raises(EntryTorn):
        read_entry(entry[:-cut])
    try:
        topic, key, headers, value = read_entry(rest)
    except EntryTorn:
        return
    assert len(rest) == 4 * (3 + 2 * len(headers)) + len(topic.encode()) + len(key) + len(value) + sum(
        len(name.encode()) + len(text) for name, text in headers
    )
