"""An envelope as Kafka headers and back: CloudEvents' binary content mode (Kafka protocol binding 1.0.2).

`from_headers(to_headers(to_attributes(envelope)))` is the same envelope. A writer's records nearly all have the same
header names, so what follows from the names alone is worked out once and kept as a `Layout`: reading an envelope takes
a third of what it took header by header (2026-11).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from samverkan.schemas.envelope import (
    KNOWN,
    REQUIRES_MAX,
    Envelope,
    EnvelopeInvalid,
    Requirement,
    from_attributes,
    read_uuid,
    shown,
)

CONTENT_TYPE: Final = b"application/json"

Headers = tuple[tuple[str, bytes], ...]

_FIELDS: Final = (
    *("id", "source", "type", "subject", "streamversion", "time", "recordedtime", "correlationid", "logindex"),
    *("causationid", "commandid", "requires", "actor", "agency", "legalbasis", "dataschema", "traceparent"),
)  # in the order of Envelope's fields
_REQUIRED: Final = frozenset({"specversion", *_FIELDS[:8]})

_ID: Final = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_INSTANT: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"
_TEXT: Final = "[ -~]+"
# The forms that our own writers use, each narrower than what from_attributes takes: what does not fit goes there.
_FORMS: Final = {
    "specversion": r"1\.0",
    "streamversion": "[1-9][0-9]{0,8}",
    "logindex": "(?:0|[1-9][0-9]{0,16})",
    **dict.fromkeys(("id", "subject", "correlationid", "causationid", "commandid"), _ID),
    **dict.fromkeys(("time", "recordedtime"), _INSTANT),
}
_SHORT: Final = 2048  # characters of all names: four times what ours have; a foreign writer chooses them, too


class Layout:
    """What follows from the names of a record's headers. `names`: those that begin with `ce_`, sorted. `short`: what is
    made of them may be kept.

    EnvelopeInvalid: an attribute is doubled, or a name is no text.
    """

    def __init__(self, names: Sequence[object]) -> None:
        places: dict[str, int] = {}
        for place, name in enumerate(names):
            if not isinstance(name, str) or "\x00" in name:
                raise EnvelopeInvalid("envelope-not-text", "header")
            if name.startswith("ce_") and places.setdefault(name, place) != place:
                raise EnvelopeInvalid("envelope-attribute-doubled", shown(name[3:]))
        self.names = tuple(sorted(places))
        self.short = _are_short(names)
        self._attributes = [name[3:] for name in self.names]
        self._places = [places[name] for name in self.names]
        ours = _REQUIRED <= set(self._attributes) <= KNOWN
        self._ours = (self._compile_forms(), self._pick_fields()) if ours else None

    def texts(self, values: Sequence[bytes | None]) -> list[bytes]:
        """The texts of the `ce_` headers in the order of `names`; a header without a value counts as empty."""
        return [values[place] or b"" for place in self._places]

    def envelope(self, texts: Sequence[bytes], uuid: Callable[[str], UUID] = read_uuid) -> Envelope:
        """Read the envelope from texts in the order of `names`; EnvelopeInvalid as `from_attributes` says.

        `uuid` makes an id of its text, for a reader whose database driver has a faster one.
        """
        if self._ours is not None:
            forms, fields = self._ours
            try:
                text = b"\n".join(texts).decode()
                if forms.fullmatch(text) is not None:
                    return _envelope(uuid, fields((*text.split("\n"), None)))
            except (UnicodeDecodeError, ValueError):  # no text; no such day
                pass
        return from_attributes(self._decoded(texts))

    def _compile_forms(self) -> re.Pattern[str]:
        """What all texts together look like when our own writers wrote them. Only of names that are ours: a record can
        bring a hundred thousand others, and their pattern took 1.6 s and some megabytes (2026-11)."""
        return re.compile("\n".join(_FORMS.get(name, _TEXT) for name in self._attributes))

    def _pick_fields(self) -> Callable[[Sequence[str | None]], tuple[Any, ...]]:
        """Takes the fields of an envelope out of the texts and a None at their end, for the absent ones."""
        places = {name: place for place, name in enumerate(self._attributes)}
        return itemgetter(*(places.get(name, -1) for name in _FIELDS))

    def _decoded(self, texts: Sequence[bytes]) -> dict[str, str]:
        attributes = {}
        for name, text in zip(self._attributes, texts, strict=True):
            try:
                attributes[name] = text.decode()
            except UnicodeDecodeError:
                raise EnvelopeInvalid("envelope-not-text", shown(name)) from None
        return attributes


def layout(names: tuple[Any, ...]) -> Layout:
    """The layout of these names, kept for the next record that has them. EnvelopeInvalid as `Layout` says."""
    try:
        return _kept(names)
    except _NotKept:
        return Layout(names)


class _NotKept(Exception):
    """Raised through the cache, which keeps no exceptions: so it is bounded in bytes, too."""


@lru_cache(1024)
def _kept(names: tuple[Any, ...]) -> Layout:
    if not _are_short(names):
        raise _NotKept
    return Layout(names)


def _are_short(names: Sequence[Any]) -> bool:
    return len(names) + sum(map(len, names)) <= _SHORT


def to_headers(attributes: Mapping[str, str]) -> Headers:
    """Kafka headers of CloudEvents attributes, sorted by name, then the content type."""
    names = sorted(attributes)
    return (*((f"ce_{name}", attributes[name].encode()) for name in names), ("content-type", CONTENT_TYPE))


def from_headers(headers: Iterable[tuple[str, bytes | None]]) -> Envelope:
    """Read the envelope of a record; other headers, and the order of headers, do not matter.

    EnvelopeInvalid: the record is not one of our events; see `from_attributes`.
    """
    names, values = split(headers)
    shape = layout(names)
    return shape.envelope(shape.texts(values))


def split(headers: Iterable[tuple[str, bytes | None]]) -> tuple[tuple[str, ...], list[bytes | None]]:
    """The names and the values of headers."""
    pairs = list(headers)
    return tuple([name for name, _ in pairs]), [value for _, value in pairs]


def _envelope(uuid: Callable[[str], UUID], fields: tuple[Any, ...]) -> Envelope:
    """From texts that fit their forms. ValueError: a day that does not exist; EnvelopeInvalid: `requires`."""
    (event_id, source, wire_type, subject, version, time, recorded, correlation, log_index) = fields[:9]
    (causation, command, requires) = fields[9:12]
    if requires is not None and requires.count("/") > REQUIRES_MAX:
        raise ValueError
    # As Envelope(…), which is a function of eighteen parameters and takes three times as long.
    return tuple.__new__(
        Envelope,
        (
            uuid(event_id),
            source,
            wire_type,
            uuid(subject),
            int(version),
            datetime.fromisoformat(time),
            datetime.fromisoformat(recorded),
            uuid(correlation),
            None if log_index is None else int(log_index),
            None if causation is None else uuid(causation),
            None if command is None else uuid(command),
            () if requires is None else tuple([Requirement.parse(entry) for entry in requires.split()]),
            *fields[12:],
            (),
        ),
    )
