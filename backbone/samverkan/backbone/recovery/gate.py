"""Whether this process may decide: only in a database whose log was compared with its topic (W2)."""

from collections.abc import Callable
from typing import Final

from samverkan.backbone.database import Connection, identity_of
from samverkan.backbone.errors import Transient

NOT_COMPARED = "log-not-compared"
DIFFERS = "log-differs"


class Gate:
    """Closed until it is opened for one database; then it admits connections to that one and no other.

    A connection cannot outlive a restore of its database, except one of a dump into the living database, which the
    keeper finds within a second. So asking each transaction's connection for its name is enough, and costs nothing.
    """

    def __init__(self, *, on_change: Callable[[], None] = lambda: None) -> None:
        """`on_change` is called when the gate opens for another database than the last: nothing remembered of the old
        one may be used in the new one."""
        self._on_change = on_change
        self._identity: str | None = None
        self._last: str | None = None
        self._reason: str | None = NOT_COMPARED
        self.taken_back = False

    @property
    def reason(self) -> str | None:
        """Why it is closed, a stable word for health; None while it is open."""
        return self._reason

    def open(self, identity: str, *, taken_back: bool) -> None:
        """Admit this database. `taken_back`: stored replies and positions may be older than the journal."""
        if identity != self._last:
            self._last = identity
            self._on_change()
        self._identity, self._reason, self.taken_back = identity, None, taken_back

    def close(self, reason: str) -> None:
        """Admit nobody until `open`."""
        self._identity, self._reason = None, reason

    def admit(self, connection: Connection) -> None:
        """Transient `not-ready`, or `read-only` when a human is needed: nothing may be decided on this connection."""
        if self._identity is not None and identity_of(connection) != self._identity:
            self.close(NOT_COMPARED)
        self.refuse_closed()

    def refuse_closed(self) -> None:
        """As `admit`, before a connection is taken."""
        if self._reason is not None:
            raise Transient("read-only" if self._reason == DIFFERS else "not-ready", self._reason)


class OpenGate(Gate):
    """Admits everybody: for stores that own no topic, and for tests that show what goes wrong without W2."""

    def __init__(self) -> None:
        super().__init__()
        self._reason = None

    def close(self, reason: str) -> None:
        """It stays open."""

    def admit(self, connection: Connection) -> None:
        """Everybody is welcome."""


OPEN: Final = OpenGate()
"""For whoever needs none."""
