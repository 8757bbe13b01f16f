"""What an operator may ask of a service's recovery, and how far it has come: by its database, wherever it runs."""

from dataclasses import dataclass
from datetime import datetime

from samverkan.backbone.database import Connection, sql


@dataclass(frozen=True)
class RecoveryState:
    """Where the comparison of log and topic stands. `open`: commands are accepted in this database; `led`: some relay
    holds the lease, and would notice what is asked; `done` of `of` events, where it takes back or sends again."""

    state: str
    open: bool
    led: bool
    code: str | None
    detail: str
    done: int
    of: int
    since: datetime
    compared_at: datetime | None
    taken_back: int
    republished: int
    held_by: str | None

    def sentence(self) -> str | None:
        """Why the service is read-only; None when it is not."""
        if self.open:
            return None
        match self.state:
            case "stopped":
                return f"read-only: its log and its topic differ ({self.code}: {self.detail})"
            case "taking-back":
                return f"read-only: it takes its own events back from Kafka, {self.done} of {self.of}"
            case "republishing":
                return f"read-only: it sends its log to Kafka again, {self.done} of {self.of}"
            case "held":
                return f"read-only: held by {self.held_by}"
            case _:
                return "read-only: its log is not compared with its topic yet"


async def read_recovery(connection: Connection) -> RecoveryState:
    """The state as it is stored now."""
    row = await connection.fetchrow(sql(__package__, "ask.sql"))
    assert row is not None, "the migrations put it there"
    stored = dict(row)
    present = await connection.fetchval(sql(__package__, "identity.sql"))
    return RecoveryState(open=stored.pop("compared_with") == present, **stored)


async def ask_to_compare(connection: Connection) -> datetime:
    """Ask for a comparison; whichever relay leads makes one that begins after the instant returned."""
    asked: datetime = await connection.fetchval("update recovery set wanted_at = clock_timestamp() returning wanted_at")
    return asked


async def hold(connection: Connection, by: str) -> None:
    """Ask the service to stand still: read-only, nothing numbered, nothing sent, until `let_go`.

    It does once `read_recovery` says `held`; when no relay leads, at once.
    """
    await connection.execute("update recovery set held_by = $1", by)


async def let_go(connection: Connection) -> None:
    """End a hold."""
    await connection.execute("update recovery set held_by = null")
