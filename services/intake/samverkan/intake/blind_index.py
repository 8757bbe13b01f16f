"""Finds a person's case again without keeping the personnummer in a table: a keyed digest of it.

The key stays outside the database: with both, all personnummer could be tried in minutes (there are few of them).
"""

import hashlib
import hmac
from pathlib import Path
from typing import Final

from samverkan.backbone.command import BlindIndex
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.settings import SettingsInvalid
from samverkan.intake.person_number import PersonNumber, parse
from samverkan.schemas.participant import ParticipantReferred
from samverkan.schemas.person import IdentityChanged

KEY_BYTES_MIN: Final = 32  # as long as the digest; a shorter key is the weakest part


class PersonIndex:
    """Computes the index. Holds the key in memory and shows it nowhere."""

    def __init__(self, key: bytes) -> None:
        """SettingsInvalid: the key has fewer than 32 bytes; the service must not start."""
        if len(key) < KEY_BYTES_MIN:
            raise SettingsInvalid(f"the blind index key has fewer than {KEY_BYTES_MIN} bytes")
        self._key = key

    @classmethod
    def from_file(cls, path: Path) -> "PersonIndex":
        """The key is the file's bytes as they are. SettingsInvalid: no such file, no access, too short."""
        try:
            return cls(path.read_bytes())
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise SettingsInvalid(f"the blind index key cannot be read: {reason}") from None

    def of(self, person: PersonNumber) -> BlindIndex:
        """HMAC-SHA-256 of the twelve digits, 32 bytes."""
        return BlindIndex("person", hmac.digest(self._key, person.digits.encode(), hashlib.sha256))

    def of_event(self, recorded: Recorded) -> BlindIndex | None:
        """Under which index the case is known since this event: that of the person referred, and of a personnummer that
        came in a samordningsnummer's place. None for every other event, and for one whose identity nobody can read any
        more: then the person is found by no index, as after an erasure."""
        event = recorded.event
        if not isinstance(event, ParticipantReferred | IdentityChanged) or event.identity is None:
            return None
        return self.of(parse(event.identity.person_number))
