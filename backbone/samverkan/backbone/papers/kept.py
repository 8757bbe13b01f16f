"""The papers that a service has made: one row per making, found by the hash of its bytes. Pure fold."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.papers.content import told
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.event import Compartment
from samverkan.schemas.paper import PaperMade


@dataclass(frozen=True)
class PaperRow:
    """A paper. `version` is its stream's; `content` are the fields by compartment, as the event told them."""

    paper_sha256: str
    paper_id: UUID | None = None
    version: int = 0
    case_id: UUID | None = None
    subject_id: UUID | None = None
    subject_version: int = 0
    template: str = ""
    template_version: int = 0
    engine: str = ""
    made_on: date | None = None
    registration: str | None = None
    compartments: tuple[str, ...] = ()
    content: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def unreadable(self) -> tuple[str, ...]:
        """The compartments that the paper tells of and that cannot be read here any more."""
        return tuple(one for one in self.compartments if one not in self.content)

    def told(self) -> dict[Compartment, dict[str, str]]:
        """The flat fields of each compartment."""
        return {Compartment(one): dict(fields) for one, fields in self.content.items()}


class Papers(View[PaperRow]):
    """A service's own: it names its event in `events`, and makes the table `paper` in a migration."""

    table: ClassVar = "paper"
    row: ClassVar = PaperRow

    def keys(self, recorded: Recorded) -> Collection[str]:
        """The hash: an auditor who holds a file finds its row by it."""
        return [_paper(recorded).paper_sha256]

    def fold(self, row: PaperRow, recorded: Recorded) -> PaperRow:
        """What was made."""
        event = _paper(recorded)
        return replace(
            row,
            paper_id=recorded.stream_id,
            version=recorded.envelope.version,
            case_id=event.case_id,
            subject_id=event.subject_id,
            subject_version=event.subject_version,
            template=event.template,
            template_version=event.template_version,
            engine=event.engine,
            made_on=event.made_on,
            registration=event.registration,
            compartments=tuple(one.value for one in event.compartments or ()),
            content={one.value: fields for one, fields in told(event).items()},
        )


def _paper(recorded: Recorded) -> PaperMade:
    event: object = recorded.event
    assert isinstance(event, PaperMade)  # the only kind that a service names in `events`
    return event
