"""A paper as its service keeps it: what was made, and whether asking again makes another. Pure.

A service puts its own event around it:

    def decide(command: MakePaper, paper: Paper) -> Sequence[CasePaperMade]:
        return made(CasePaperMade, command, paper)
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID, uuid5

from samverkan.backbone.papers.content import Content, sealed, told, unsalted
from samverkan.schemas.paper import PaperMade

Event = TypeVar("Event", bound=PaperMade)

_PAPERS: Final = UUID("0d5b7f7e-9a53-5d0b-8a51-3f5d1b6c2a90")  # of paper streams; never changes


class PaperState(StrEnum):
    """Whether there is a paper."""

    NONE = "none"
    MADE = "made"


@dataclass(frozen=True)
class Asked:
    """A paper that somebody asks for. `distinguishing`: codes that make it another paper of the same subject."""

    template: str
    case_id: UUID
    subject_id: UUID
    subject_version: int
    content: Content
    registration: str | None = None
    edition: str = "sv"
    distinguishing: tuple[str, ...] = ()


@dataclass(frozen=True)
class MakePaper:
    """These bytes were made of this content. Made before the command: rendering is slow, deciding is not."""

    case_id: UUID
    subject_id: UUID
    subject_version: int
    template: str
    template_version: int
    engine: str
    sha256: str
    made_on: date
    content: Content
    registration: str | None = None


@dataclass(frozen=True)
class Paper:
    """Every making. `kept` in the order in which they were made: each can be made again."""

    kept: tuple[PaperMade, ...] = ()

    @property
    def state(self) -> PaperState:
        """None, or made."""
        return PaperState.MADE if self.kept else PaperState.NONE

    def after(self, event: object) -> "Paper":
        """Fold one event; one that tells of no paper changes nothing."""
        return replace(self, kept=(*self.kept, event)) if isinstance(event, PaperMade) else self


def paper_id(subject_id: UUID, template: str, *distinguishing: str) -> UUID:
    """The stream of a paper: derived, so that asking twice at once makes one.

    `distinguishing` are codes that stand in the open elsewhere: whoever guesses them can compute the id. So the edition
    is none of them, and all editions of a paper share a stream.
    """
    return uuid5(_PAPERS, "/".join((str(subject_id), template, *distinguishing)))


def made(event_type: type[Event], command: MakePaper, paper: Paper) -> Sequence[Event]:
    """The paper that was made; nothing when there is one that says the same, whatever day and salt it has."""
    event = event_type(
        case_id=command.case_id,
        subject_id=command.subject_id,
        subject_version=command.subject_version,
        template=command.template,
        template_version=command.template_version,
        engine=command.engine,
        paper_sha256=command.sha256,
        made_on=command.made_on,
        registration=command.registration,
        compartments=tuple(sorted(one for one, fields in command.content.items() if fields)),
        **sealed(command.content),
    )
    return [] if any(_says(kept) == _says(event) for kept in paper.kept) else [event]


def _says(event: PaperMade) -> tuple[object, ...]:
    """Everything that a reader would see. The subject's version may have moved on without changing a word."""
    return event.template, event.template_version, event.engine, event.registration, unsalted(told(event))
