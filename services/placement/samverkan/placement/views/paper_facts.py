"""What a placement's papers say beyond its row: who approved when, what was certified, and who it is. Pure folds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.papers.kept import Papers
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.casework import CaseRegistered
from samverkan.schemas.paper import PlacementPaperMade
from samverkan.schemas.participant import ParticipantReferred, ReferralRepeated
from samverkan.schemas.placement import (
    CertificateIssued,
    PlacementApproved,
    PlacementChanged,
    PlacementEndCorrected,
    PlacementExtended,
    PlacementProposed,
)

Approval = Mapping[str, str | None]


@dataclass(frozen=True)
class PaperFactsRow:
    """`revision`: the one that applies. `approvals`: of what was proposed last and of changes since, each with `party`,
    `approved_on`, `revision` and `on_behalf`, the reason or null."""

    placement_id: UUID
    approvals: tuple[Approval, ...] = ()
    issued_on: date | None = None
    started_on: date | None = None
    last_day_on: date | None = None
    extent: Decimal | None = None
    employer_name: str | None = None
    workplace: str | None = None
    supervisor: str | None = None
    tasks: tuple[str, ...] = ()
    assessment: str | None = None
    revision: int = 0

    @property
    def of_what_applies(self) -> tuple[Approval, ...]:
        """The approvals of the revision that applies."""
        return tuple(one for one in self.approvals if one["revision"] == str(self.revision))


class PaperFacts(View[PaperFactsRow]):
    """One row per placement; every column is placement's own."""

    table: ClassVar = "paper_facts"
    row: ClassVar = PaperFactsRow
    events: ClassVar = (
        *(PlacementProposed, PlacementApproved, PlacementChanged, PlacementExtended),
        *(CertificateIssued, PlacementEndCorrected),
    )

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per placement."""
        return [recorded.stream_id]

    def fold(self, row: PaperFactsRow, recorded: Recorded) -> PaperFactsRow:
        """Proposed anew, nobody has approved it."""
        match recorded.event:
            case PlacementProposed(revision=revision):
                return replace(row, approvals=(), revision=revision or 1)
            case PlacementChanged(revision=revision) | PlacementExtended(revision=revision):
                return replace(row, revision=revision)
            case PlacementApproved() as approved:
                said: Approval = {
                    "party": approved.party,
                    "approved_on": approved.approved_on.isoformat(),
                    "revision": str(approved.revision or 1),
                    "on_behalf": None if approved.employment is None else approved.employment.reason,
                }
                return replace(row, approvals=(*row.approvals, said))
            case CertificateIssued() as issued:
                return _certified(row, issued)
            case PlacementEndCorrected(last_day_on=day, was_last_day_on=was) if day != was:
                return replace(row, issued_on=None)  # a certificate of another last day does not hold
            case _:
                return row


@dataclass(frozen=True)
class PaperPersonRow:
    """The person of a case. `registrations`: agency → its diarienummer of the case."""

    case_id: UUID
    person_number: str | None = None
    name: str | None = None
    registrations: Mapping[str, str] = field(default_factory=dict)


class PaperPersons(View[PaperPersonRow]):
    """Foreign facts: every column is intake's. Only papers read them."""

    table: ClassVar = "paper_person"
    row: ClassVar = PaperPersonRow
    events: ClassVar = (ParticipantReferred, ReferralRepeated, CaseRegistered)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per case."""
        return [recorded.stream_id]

    def fold(self, row: PaperPersonRow, recorded: Recorded) -> PaperPersonRow:
        """Of the name the latest that was said."""
        match recorded.event:
            case ParticipantReferred(identity=identity) | ReferralRepeated(identity=identity) if identity is not None:
                return replace(row, person_number=identity.person_number, name=identity.name or row.name)
            case CaseRegistered(agency=agency, registration=registration):
                return replace(row, registrations={**row.registrations, agency: registration})
            case _:
                return row


class PlacementPapers(Papers):
    """Every paper of every placement."""

    events: ClassVar = (PlacementPaperMade,)


def _certified(row: PaperFactsRow, issued: CertificateIssued) -> PaperFactsRow:
    row = replace(
        row,
        issued_on=issued.issued_on,
        started_on=issued.started_on,
        last_day_on=issued.last_day_on,
        extent=issued.extent,
    )
    said = issued.employment
    if said is None:
        return row
    return replace(
        row,
        employer_name=said.employer_name,
        workplace=said.workplace,
        supervisor=said.supervisor,
        tasks=said.tasks,
        assessment=said.assessment,
    )
