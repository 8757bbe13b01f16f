"""What was asked of the system and what it answered: written down as it happens, one JSON object a line."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

Outcome = Literal["acknowledged", "refused", "failed", "unanswered"]


@dataclass(frozen=True)
class Command:
    """One command, by its Idempotency-Key, and its last answer. Instants are seconds since the epoch.

    `failed`: an answer that promises nothing, such as 500. `unanswered`: none came while there was time.
    """

    service: str
    path: str
    agency: str
    key: str
    began_at: float
    ended_at: float
    attempts: int
    outcome: Outcome
    status: int | None = None
    code: str | None = None
    stream_id: UUID | None = None
    version: int = 0
    events: tuple[str, ...] = ()


@dataclass
class History:
    """All commands, in the order of their last answer."""

    file: Path
    commands: list[Command] = field(default_factory=list)

    def note(self, command: Command) -> None:
        """Keep it, here and in the file."""
        self.commands.append(command)
        with self.file.open("a") as out:
            out.write(json.dumps(asdict(command), default=str) + "\n")

    def count(self, outcome: Outcome) -> int:
        """How many ended so."""
        return sum(command.outcome == outcome for command in self.commands)


def of_answer(body: Any) -> tuple[UUID | None, int, Sequence[str]]:
    """Stream, version and events of an acknowledgement."""
    if not isinstance(body, dict) or "stream_id" not in body:
        return None, 0, ()
    return UUID(body["stream_id"]), int(body["version"]), tuple(body["events"])
