"""Opens cases of nobody: the referral is recorded with an opaque id and without an identity.

Intake's own endpoint asks for a personnummer, and none may be invented. So this one event is written into intake's
journal in the way that intake writes; everything after it goes through the services.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID, uuid5

from samverkan.backbone.command import Context
from samverkan.backbone.database import connect
from samverkan.backbone.decider import Aggregate, Order
from samverkan.backbone.journal.commands import JournalCommands
from samverkan.backbone.journal.journal import Journal
from samverkan.backbone.journal.states import States
from samverkan.backbone.testing.unwired import unwired
from samverkan.backbone.view_table import ViewTables
from samverkan.cli.system_clock import morning
from samverkan.intake.app import build
from samverkan.intake.case.case import CASE
from samverkan.intake.case.state import Case
from samverkan.intake.settings import IntakeSettings
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.event import Event
from samverkan.schemas.participant import ParticipantReferred, Programme

AGENCIES_NEEDED = ("af", "fk", "kommun", "region")
RECEIVED_ON = date(2026, 2, 2)


@dataclass(frozen=True)
class _ReferNobody:
    """Open a case without telling whose it is."""


def _decide(_: _ReferNobody, case: Case) -> Sequence[Event]:
    if case.referrals:
        return []
    return [
        ParticipantReferred(
            programme=Programme.INTRODUKTIONSJOBB,
            referred_by="kommun",
            agencies_needed=AGENCIES_NEEDED,
            received_on=RECEIVED_ON,
        )
    ]


_NOBODY = Aggregate(CASE.name, CASE.topic, CASE.initial, _decide, CASE.evolve, CASE.refusal)


class Referring:
    """Writes referrals into the journal of a running intake. An async context."""

    def __init__(self, dsn: str, key_file: Path) -> None:
        self._dsn, self._settings = dsn, unwired(IntakeSettings, blind_index_key_file=key_file)

    async def __aenter__(self) -> "Referring":
        self._pool = await connect(self._dsn)
        journal, views = Journal(PARTICIPANT), ViewTables(build(self._settings).views, shared=True)
        self._commands = JournalCommands(self._pool, journal, States(journal), views, on_commit=lambda: None)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.close()

    async def refer(self, case_id: UUID) -> None:
        """Open this case; nothing when it is open."""
        context = Context(morning(RECEIVED_ON), uuid5(case_id, "referral"), actor="kommun-1", agency="kommun")
        await self._commands.execute(Order(_NOBODY, case_id, _ReferNobody()), context)
