"""Records that should not be, of many kinds, generated from a seed.

Each kind says what must become of it: `rejected` (it belongs to no stream), `parked` (its stream stands at it), `waits`
(its stream waits for what it lacks) or `kept` (odd, and an event all the same). A canary stands in most of them: it
looks like personal data, and may be found nowhere but in the records themselves.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Final
from uuid import UUID

from records import Raw, raw
from samverkan.schemas.catalogue import Topic

CANARY: Final = "Kanariefågel 191212121212"
_PAYLOAD: Final = f'{{"agency":"af","purpose":"p","compartments":[],"given_on":"2026-03-02","form":"{CANARY}"}}'

Change = Callable[[Random, Raw], Raw]


@dataclass(frozen=True)
class Kind:
    """One way in which a record is wrong or odd. `code`: under which it is listed; empty where it is not."""

    name: str
    verdict: str
    code: str
    change: Change


@dataclass(frozen=True)
class Malformed:
    """One record of a kind."""

    kind: Kind
    stream_id: UUID
    record: Raw


def generate(seed: int, number: int, topic: Topic) -> Iterator[Malformed]:
    """So many records, each of a stream of its own, all kinds in turn and details of chance."""
    random = Random(seed)
    for count in range(number):
        kind = KINDS[count % len(KINDS)]
        stream = UUID(int=random.getrandbits(128), version=4)
        plain = raw(topic, stream, 1, 10**9 + count, actor=CANARY)
        yield Malformed(kind, stream, kind.change(random, replace(plain, value=_PAYLOAD.encode())))


def _attribute(name: str, *values: str | bytes | None) -> Change:
    """One attribute with another value."""

    def change(random: Random, record: Raw) -> Raw:
        value = random.choice(values)
        return record.having(name, value.encode() if isinstance(value, str) else value)

    return change


def _missing(*names: str) -> Change:
    return lambda random, record: record.without(random.choice(names))


def _payload(*values: str | bytes) -> Change:
    def change(random: Random, record: Raw) -> Raw:
        value = random.choice(values)
        return replace(record, value=value.encode() if isinstance(value, str) else value)

    return change


def _field(name: str, *values: str) -> Change:
    """One field of the payload with another value, as JSON."""
    return _payload(*(_PAYLOAD.replace(_written(name), f'"{name}":{value}') for value in values))


def _written(name: str) -> str:
    fields = dict(part.split('":', 1) for part in _PAYLOAD[2:-1].split(',"'))
    return f'"{name}":{fields[name]}'


def _doubled(random: Random, record: Raw) -> Raw:
    name, _ = random.choice([header for header in record.headers if header[0].startswith("ce_")])
    return replace(record, headers=(*record.headers, (name, CANARY.encode())))


def _truncated(random: Random, record: Raw) -> Raw:
    value = record.value or b""
    return replace(record, value=value[: random.randrange(1, len(value) - 1)])


def _key(*keys: str | bytes | None) -> Change:
    def change(random: Random, record: Raw) -> Raw:
        key = random.choice(keys)
        return replace(record, key=key.encode() if isinstance(key, str) else key)

    return change


def _many_requirements(random: Random, record: Raw) -> Raw:
    some = [f"samverkan.x{n}/{UUID(int=random.getrandbits(128), version=4)}@{n + 1}" for n in range(400)]
    return record.having("requires", " ".join(some).encode())


def _shouted_key(_: Random, record: Raw) -> Raw:
    assert record.key is not None
    return replace(record, key=record.key.upper().replace(b"-", b"_"))


def _unmet(random: Random, record: Raw) -> Raw:
    of = UUID(int=random.getrandbits(128), version=4)
    return record.having("requires", f"{WAITED_FOR}/{of}@2147483647".encode())


WAITED_FOR: Final = "samverkan.participant"
_EVERY: Final = (
    "specversion",
    "id",
    "source",
    "type",
    "subject",
    "time",
    "recordedtime",
    "streamversion",
    "correlationid",
)
_INVALID, _PAYLOAD_INVALID = "envelope-attribute-invalid", "payload-invalid"
_DEEP: Final = '{"agency":' * 3000 + "1" + "}" * 3000


def _rejected(name: str, code: str, change: Change) -> Kind:
    return Kind(name, "rejected", code, change)


def _parked(name: str, code: str, change: Change) -> Kind:
    return Kind(name, "parked", code, change)


def _kept(name: str, change: Change) -> Kind:
    return Kind(name, "kept", "", change)


KINDS: Final = (
    _rejected("an attribute is missing", "envelope-attribute-missing", _missing(*_EVERY, "logindex")),
    _rejected("an attribute is empty", "envelope-attribute-missing", _attribute("type", b"", None)),
    _rejected("an attribute twice", "envelope-attribute-doubled", _doubled),
    _rejected("no headers", "envelope-attribute-missing", lambda _, r: replace(r, headers=())),
    _rejected("foreign headers only", "envelope-attribute-missing", lambda _, r: replace(r, headers=(("x", b"y"),))),
    _rejected(
        "a header that is no UTF-8", "envelope-not-text", _attribute("actor", b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80")
    ),
    _rejected("NUL in a header", _INVALID, _attribute("actor", f"{CANARY}\x00")),
    _rejected("NUL in a header's name", "envelope-not-text", _attribute(f"{CANARY}\x00", "x")),
    _rejected("control characters", _INVALID, _attribute("actor", f"{CANARY}\x07", "\x1b[2J", "\x7f", "\u0085")),
    _rejected("a line break", _INVALID, _attribute("traceparent", f"{CANARY}\n{CANARY}", "a\r\nb")),
    _rejected("control characters in a foreign attribute", _INVALID, _attribute(CANARY, "\x01")),
    _rejected("another specversion", _INVALID, _attribute("specversion", "0.3", "1.1", "2.0", CANARY)),
    _rejected("an id that is none", _INVALID, _attribute("id", CANARY, "1", "{" * 99, "urn:uuid:0")),
    _rejected("a correlation id that is none", _INVALID, _attribute("correlationid", CANARY, "0" * 36)),
    _rejected("a causation id that is none", _INVALID, _attribute("causationid", CANARY, "")),
    _rejected("a command id that is none", _INVALID, _attribute("commandid", CANARY, "null")),
    _rejected("a subject that is none", _INVALID, _attribute("subject", CANARY, "../../etc", "0")),
    _rejected(
        "a version that is none",
        _INVALID,
        _attribute("streamversion", "0", "-1", "1.0", "1e3", "٣", " 1", "+1", "2147483648", "9" * 40, "0x1", CANARY),
    ),
    _rejected("a log index that is none", _INVALID, _attribute("logindex", "-1", "1_000", "9" * 19, "NaN", CANARY)),
    _rejected(
        "an instant that is none",
        _INVALID,
        _attribute("time", "2026-02-30T00:00:00Z", "2026-03-02", "2026-03-02T25:00:00Z", "now", "0000-01-01T00:00:00Z"),
    ),
    _rejected(
        "an instant beyond all",
        _INVALID,
        _attribute("recordedtime", "0001-01-01T00:00:00+23:59", "99999-01-01T00:00:00Z"),
    ),
    _rejected("an instant without a zone", _INVALID, _attribute("recordedtime", "2026-03-02T09:00:00")),
    _rejected(
        "a requirement that is none", _INVALID, _attribute("requires", CANARY, "a/b@1", "@", "x/" + "0" * 36 + "@1")
    ),
    _rejected("four hundred requirements", _INVALID, _many_requirements),
    _rejected(
        "a foreign source",
        "source-not-owner",
        _attribute("source", "/samverkan/placement", "/samverkan/INTAKE", CANARY),
    ),
    _rejected("no key", "key-not-subject", _key(None)),
    _rejected("another key", "key-not-subject", _key(CANARY, "", b"\xff\xfe\x00", "0" * 36)),
    _rejected("a key in another spelling", "key-not-subject", _shouted_key),
    _rejected("no value", "value-missing", lambda _, r: replace(r, value=None)),
    _rejected("an empty value", "value-missing", _payload("")),
    _parked("cut off", _PAYLOAD_INVALID, _truncated),
    _parked("no JSON", _PAYLOAD_INVALID, _payload("x", "{", "]", "{'agency':1}", CANARY, "\x00", "<xml/>", "%PDF-1.7")),
    _parked(
        "no UTF-8", _PAYLOAD_INVALID, _payload(b"\xff\xfe\x00\x01", _PAYLOAD.encode("utf-16"), b'{"agency":"\xc3\x28"}')
    ),
    _parked("a byte order mark", _PAYLOAD_INVALID, _payload(b"\xef\xbb\xbf" + _PAYLOAD.encode())),
    _parked("a lone surrogate", _PAYLOAD_INVALID, _field("purpose", '"\\ud800"', '"\\udfff\\ud800"')),
    _parked("another JSON", _PAYLOAD_INVALID, _payload("null", "[]", "1", '"x"', "true", "[[[]]]", f'["{CANARY}"]')),
    _parked(
        "nested deep", _PAYLOAD_INVALID, _payload(_DEEP, "[" * 20_000, '{"agency":' * 5000, "[" * 3000 + "]" * 3000)
    ),
    _parked("a name twice", _PAYLOAD_INVALID, _payload(_PAYLOAD[:-1] + ',"agency":"fk"}')),
    _parked("NaN", _PAYLOAD_INVALID, _field("purpose", "NaN", "Infinity", "-Infinity")),
    _parked("a huge number", _PAYLOAD_INVALID, _field("agency", "1e400", "9" * 5000, "-0.0", "1" + "0" * 400)),
    _parked("a wrong type", _PAYLOAD_INVALID, _field("given_on", "20260302", "null", "{}", f'"{CANARY}"', "true")),
    _parked("a wrong list", _PAYLOAD_INVALID, _field("compartments", f'"{CANARY}"', "{}", "[1]", "null")),
    _parked("a field is missing", _PAYLOAD_INVALID, _payload("{}", f'{{"purpose":"{CANARY}"}}')),
    _parked("an unknown type", "event-type-unknown", _attribute("type", "se.samverkan.Unheard.v1", CANARY, "a" * 3000)),
    _parked("an unknown version", "event-type-unknown", _attribute("type", "se.samverkan.ConsentGiven.v999")),
    _parked(
        "a type of another topic", "event-type-not-in-topic", _attribute("type", "se.samverkan.PlacementStarted.v1")
    ),
    Kind("a later version only", "waits", "version-missing", _attribute("streamversion", "2", "2147483647")),
    Kind("a requirement that nobody meets", "waits", "requires-unmet", _unmet),
    _kept("an unknown field", _payload(_PAYLOAD[:-1] + f',"shoe_size":"{CANARY}"}}')),
    _kept("a member of an enum that nobody knows", _field("compartments", f'["{CANARY}"]')),
    _kept("an unknown attribute", _attribute("future", CANARY, "å" * 2000)),
    _kept("a header of somebody else", lambda _, r: replace(r, headers=(*r.headers, ("x-trace", b"\xff\x00")))),
    _kept("an instant long ago or far ahead", _attribute("time", "0001-01-02T00:00:00Z", "9999-12-30T00:00:00Z")),
    _kept("white space", _payload("\n\t " + _PAYLOAD.replace(":", " : ") + " \r\n")),
)
