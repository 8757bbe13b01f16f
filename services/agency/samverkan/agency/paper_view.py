"""One row per paper that was made of a shared case, by the hash of its bytes; the three services that make papers own
rows of their own. What stands in a paper is not kept here: its service makes it again, byte for byte."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.paper import CasePaperMade, CompensationPaperMade, PaperMade, PlacementPaperMade


@dataclass(frozen=True)
class CasePaperRow:
    """A paper: of which template, of what (`subject_id` at `subject_version`), under which diarienummer, and which
    compartments it tells something of. Who is given the file compares its SHA-256."""

    paper_sha256: str
    case_id: UUID | None = None
    service: str | None = None
    template: str | None = None
    template_version: int | None = None
    subject_id: UUID | None = None
    subject_version: int | None = None
    made_on: date | None = None
    registration: str | None = None
    compartments: tuple[str, ...] = ()


class CasePapers(View[CasePaperRow]):
    """The papers of the shared cases."""

    table: ClassVar = "case_paper"
    row: ClassVar = CasePaperRow
    events: ClassVar = (CasePaperMade, PlacementPaperMade, CompensationPaperMade)

    def keys(self, recorded: Recorded) -> Collection[str]:
        """The hash."""
        return [_paper(recorded).paper_sha256]

    def fold(self, row: CasePaperRow, recorded: Recorded) -> CasePaperRow:
        """What was made."""
        event = _paper(recorded)
        return replace(
            row,
            case_id=event.case_id,
            service=recorded.envelope.source.rpartition("/")[2],
            template=event.template,
            template_version=event.template_version,
            subject_id=event.subject_id,
            subject_version=event.subject_version,
            made_on=event.made_on,
            registration=event.registration,
            compartments=tuple(one.value for one in event.compartments or ()),
        )


def _paper(recorded: Recorded) -> PaperMade:
    event: object = recorded.event
    assert isinstance(event, PaperMade)  # no other is in `events`
    return event
