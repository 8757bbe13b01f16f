"""The error tree. Families differ by what the caller does next.

SamverkanError
├── Refused           the rule says no: a stable code, answered as problem+json, never retried
├── VersionConflict   somebody else wrote first: read again, decide again
├── RowChanged        a row that the decision rests on was changed meanwhile: read again, decide again
├── Transient         connection, timeout, serialization, deadlock: back off, the whole batch or command again
└── Permanent         cannot be decoded, a fold raised, a constraint refuses: park this stream here
    └── Fork          two different events claim one (stream, version) or one (source, log index): an alarm (W3)
"""

from uuid import UUID


class SamverkanError(Exception):
    """Base of every error that this project raises on purpose. `code` is stable and never carries personal data."""

    def __init__(self, code: str, message: str | None = None) -> None:
        super().__init__(message or code)
        self.code = code


class Refused(SamverkanError):
    """A rule says no. The texts of `code` in Swedish and English stand in the service's `texts/`.

    `details` go into the answer as they are: dates, versions, agency codes; never personal data.
    """

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code)
        self.details = details


class VersionConflict(SamverkanError):
    """The stream has moved on since it was read: read again and decide again, do not repeat the write."""

    def __init__(self, stream_id: UUID, expected: int, actual: int) -> None:
        super().__init__("version-conflict", f"stream {stream_id}: expected version {expected}, found {actual}")
        self.stream_id = stream_id
        self.expected = expected
        self.actual = actual


class RowChanged(SamverkanError):
    """A row that the decision rests on has changed since it was read: read it again and decide again."""

    def __init__(self, table: str) -> None:
        super().__init__("row-changed", f"a row of {table} that the decision rests on")


class Transient(SamverkanError):
    """Nothing is wrong with the input; the outcome of a write is unknown. Back off and do the whole of it again."""


class Permanent(SamverkanError):
    """This event can never be applied as it is, however often it is tried: park its stream here."""


class Fork(Permanent):
    """Two different events claim one place. Never dropped as a repeat: somebody rewrote history."""
