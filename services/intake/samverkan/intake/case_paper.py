"""The papers of a case, as intake records them, and what stands in a consent. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.backbone.papers.content import Entry, deep
from samverkan.backbone.papers.kept import PaperRow, Papers
from samverkan.backbone.papers.paper import Asked, MakePaper, Paper, made
from samverkan.intake.case.consent import GiveConsent
from samverkan.intake.views import CaseRow
from samverkan.schemas.catalogue import AGENCIES, PARTICIPANT, agency
from samverkan.schemas.event import Compartment
from samverkan.schemas.paper import CasePaperMade
from samverkan.schemas.participant import CaseReactionRefused, Programme

_SENDERS: Final = {known.code: known.name for known in AGENCIES}


def decide(command: MakePaper, paper: Paper) -> Sequence[CasePaperMade]:
    """A paper that says what an earlier one says leads to nothing."""
    return made(CasePaperMade, command, paper)


def evolve(paper: Paper, event: CasePaperMade | CaseReactionRefused) -> Paper:
    """Fold one recorded event."""
    return paper.after(event)


def refusal(command: object, refused: Refused) -> CaseReactionRefused:
    """No other service's event asks for a paper."""
    return CaseReactionRefused(command=type(command).__name__, code=refused.code)


CASE_PAPER: Final = Aggregate("case-paper", PARTICIPANT.name, Paper(), decide, evolve, refusal)


class CasePapers(Papers):
    """Every paper of every case."""

    events: ClassVar = (CasePaperMade,)


class Edition(StrEnum):
    """In which Swedish, or in which language, a consent is written."""

    SWEDISH = "sv"
    EASY_SWEDISH = "sv-lattlast"
    ENGLISH = "en"


@dataclass(frozen=True)
class ConsentForm:
    """What a participant is asked to sign. `guardian`: who signs besides somebody who is under 18."""

    agency: str
    purpose: str
    compartments: frozenset[Compartment]
    edition: Edition = Edition.SWEDISH
    insats: Programme | None = None
    guardian: str | None = None
    guardian_ground: str | None = None
    interpreter: str | None = None


def refuse_unless_of(paper: PaperRow | None, case_id: UUID, given: GiveConsent) -> None:
    """Refused `paper-of-another-consent`: what was signed says something else than what is to be recorded."""
    if paper is None or (paper.case_id, paper.template) != (case_id, "consent") or given.agency not in _SENDERS:
        raise Refused("paper-of-another-consent")
    told, to = deep(paper.told()[Compartment.IDENTITY], ("compartments",)), agency(given.agency)
    signed = {one["code"] for one in told["compartments"]}, told["purpose"], told.get("insats")
    insats = None if given.insats is None else given.insats.value
    meant = {one.value for one in given.compartments}, given.purpose, insats
    if signed != meant or told["agency"] not in (to.name, to.name_en):
        raise Refused("paper-of-another-consent")


def consent_paper(form: ConsentForm, row: CaseRow, sender: str, registration: str | None) -> Asked:
    """The form to be signed: whom it concerns, what may be given to whom, for what, until when."""
    to = agency(form.agency)
    told: dict[str, str | None] = {
        "sender": _SENDERS.get(sender),
        "name": row.name,
        "person_number": row.person_number,
        "agency": to.name_en if form.edition is Edition.ENGLISH else to.name,
        "purpose": form.purpose,
        "insats": None if form.insats is None else form.insats.value,
        "guardian": form.guardian,
        "guardian_ground": form.guardian_ground,
        "interpreter": form.interpreter,
    }
    compartments: list[Entry] = [{"code": one.value} for one in Compartment if one in form.compartments]
    return Asked(
        template="consent",
        case_id=row.case_id,
        subject_id=row.case_id,
        subject_version=row.version,
        content={
            Compartment.IDENTITY: {
                **{name: text for name, text in told.items() if text is not None},
                "compartments": compartments,
            }
        },
        registration=registration,
        edition=form.edition.value,
        distinguishing=(form.agency, form.purpose, form.insats.value if form.insats is not None else "-"),
    )
