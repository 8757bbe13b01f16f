"""Whom a decision is about: the employer and the person, as their own services told. Pure folds.

Only a decision's paper reads them. What is sealed here stays empty, and the paper says that it is not disclosed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.casework import CaseRegistered
from samverkan.schemas.participant import ParticipantReferred, ReferralRepeated
from samverkan.schemas.person import ProtectionLifted, ProtectionMarked
from samverkan.schemas.placement import PlacementAgreed


@dataclass(frozen=True)
class DecisionEmployerRow:
    """The employer of an agreed placement."""

    placement_id: UUID
    employer_number: str | None = None
    employer_name: str | None = None
    workplace: str | None = None


class DecisionEmployers(View[DecisionEmployerRow]):
    """Foreign facts: every column is placement's."""

    table: ClassVar = "decision_employer"
    row: ClassVar = DecisionEmployerRow
    events: ClassVar = (PlacementAgreed,)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per agreed placement."""
        return [recorded.stream_id]

    def fold(self, row: DecisionEmployerRow, recorded: Recorded) -> DecisionEmployerRow:
        """The latest agreement counts."""
        event = recorded.event
        if not isinstance(event, PlacementAgreed) or event.employment is None:
            return row
        work = event.employment
        return replace(
            row, employer_number=work.employer_number, employer_name=work.employer_name, workplace=work.workplace
        )


@dataclass(frozen=True)
class DecisionPersonRow:
    """The person of a case, named unless `protected`. `registrations`: agency → its diarienummer of the case."""

    case_id: UUID
    person_number: str | None = None
    name: str | None = None
    protected: bool = False
    registrations: Mapping[str, str] = field(default_factory=dict)


class DecisionPersons(View[DecisionPersonRow]):
    """Foreign facts: every column is intake's."""

    table: ClassVar = "decision_person"
    row: ClassVar = DecisionPersonRow
    events: ClassVar = (ParticipantReferred, ReferralRepeated, ProtectionMarked, ProtectionLifted, CaseRegistered)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per case."""
        return [recorded.stream_id]

    def fold(self, row: DecisionPersonRow, recorded: Recorded) -> DecisionPersonRow:
        """Of the name the latest that was said."""
        match recorded.event:
            case ParticipantReferred(identity=identity) | ReferralRepeated(identity=identity) if identity is not None:
                return replace(row, person_number=identity.person_number, name=identity.name or row.name)
            case ProtectionMarked():
                return replace(row, protected=True)
            case ProtectionLifted():
                return replace(row, protected=False)
            case CaseRegistered(agency=agency, registration=registration):
                return replace(row, registrations={**row.registrations, agency: registration})
            case _:
                return row
