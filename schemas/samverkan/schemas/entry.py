"""A record's entry in its source's log: the bytes that its leaf hashes, and from which the record can be read again.

Topic, key, name and text of the `ce_` headers sorted by name, and value, each after its length in 4 bytes, big endian,
so that no two records share an entry. A header without a value counts as an empty one. No offset, timestamp or other
header: a mirrored or re-partitioned topic verifies.
"""

import hashlib
import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from samverkan.schemas.headers import Headers, Layout, layout, split

_LENGTH: Final = struct.Struct(">I")


class EntryTorn(ValueError):
    """These bytes are no entry: their lengths do not add up."""


def entry_of(topic: str, key: bytes, headers: Iterable[tuple[str, bytes | None]], value: bytes) -> bytes:
    """The entry of a record. EnvelopeInvalid: an attribute is doubled, or the name of a header is no text."""
    names, values = split(headers)
    shape = layout(names)
    return entry_of_texts(topic, key, shape, shape.texts(values), value)


def entry_of_texts(topic: str, key: bytes, shape: Layout, texts: Sequence[bytes], value: bytes) -> bytes:
    """The entry of a record whose headers were taken apart before; `texts` in the order of the layout's names."""
    made = _form if shape.short else _form.__wrapped__
    form = made(topic, len(key), shape.names, tuple(map(len, texts)))
    return form % (key, *texts, _LENGTH.pack(len(value)), value)


def leaf_of(entry: bytes) -> bytes:
    """The leaf of an entry in its source's Merkle tree: RFC 6962 (0x00 prefix, SHA-256), 32 bytes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def leaf_hash(topic: str, key: bytes, headers: Iterable[tuple[str, bytes | None]], value: bytes) -> bytes:
    """The leaf of a record; errors as those of `entry_of`."""
    return leaf_of(entry_of(topic, key, headers, value))


def read_entry(entry: bytes) -> tuple[str, bytes, Headers, bytes]:
    """Topic, key, `ce_` headers sorted by name, and value. EntryTorn: these bytes are no entry."""
    parts, place, end = [], 0, len(entry)
    try:
        while place < end:
            (length,) = _LENGTH.unpack_from(entry, place)
            place += 4 + length
            parts.append(entry[place - length : place])
        topic, key, *headers, value = parts
        names = [name.decode() for name in headers[::2]]
        named = tuple(zip(names, headers[1::2], strict=True))
        decoded = topic.decode()
    except (struct.error, ValueError):  # UnicodeDecodeError is a ValueError
        raise EntryTorn("not an entry") from None
    if place != end:
        raise EntryTorn("not an entry")
    return decoded, key, named, value


@lru_cache(4096)  # bounded: a foreign writer chooses names and lengths, too
def _form(topic: str, key_length: int, names: tuple[str, ...], lengths: tuple[int, ...]) -> bytes:
    """The entry of every record with these names and lengths, its texts and its value yet to be filled in."""
    parts = [_prefixed(topic) + _LENGTH.pack(key_length)]
    parts += [_prefixed(name) + _LENGTH.pack(length) for name, length in zip(names, lengths, strict=True)]
    return b"".join(part.replace(b"%", b"%%") + b"%b" for part in parts) + b"%b%b"


def _prefixed(name: str) -> bytes:
    encoded = name.encode()
    return _LENGTH.pack(len(encoded)) + encoded
