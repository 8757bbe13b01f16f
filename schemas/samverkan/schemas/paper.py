"""Papers that were made of a case: which template, which bytes, and what stands in them (published by their services).

A paper is a function of its event alone: whoever holds the keys makes it again from `*PaperMade` and the template of
that version, byte for byte, and compares SHA-256. Nothing that the paper says stands in the open, not even in which
language: easy Swedish tells something of a person.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from samverkan.schemas.event import Compartment, Effective, Event, Many, Open, Sealed


class PaperIdentity(Sealed):
    """What the paper says of who it is about. Field → text; `goals.1.what` is the field `what` of the first goal."""

    compartment: ClassVar = Compartment.IDENTITY
    fields: dict[str, str]


class PaperContact(Sealed):
    """What the paper says of how somebody is reached. Field → text."""

    compartment: ClassVar = Compartment.CONTACT
    fields: dict[str, str]


class PaperEmployment(Sealed):
    """What the paper says of work. Field → text."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    fields: dict[str, str]


class PaperHealth(Sealed):
    """What the paper says of health. Field → text."""

    compartment: ClassVar = Compartment.HEALTH
    fields: dict[str, str]


class PaperEconomy(Sealed):
    """What the paper says of money. Field → text; kronor as `21027.20`."""

    compartment: ClassVar = Compartment.ECONOMY
    fields: dict[str, str]


class PaperMade(BaseModel):
    """A paper, as each service publishes it under a name of its own.

    `paper_sha256` is that of the PDF, in hex. `template`, `template_version` and `engine` (program and version) make
    the same bytes from the same content. The content holds a random `salt`: without the key nobody can try out which
    personnummer leads to the hash. `subject_id` is the stream that the paper tells of, at `subject_version`.
    `compartments` are those that it says something of: without the keys of all of them it is another paper.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    case_id: Open[UUID]
    subject_id: Open[UUID]
    subject_version: Open[int]
    template: Open[str]
    template_version: Open[int]
    engine: Open[str]
    paper_sha256: Open[str]
    made_on: Effective[date]
    registration: Open[str | None] = None
    compartments: Open[Many[Compartment] | None] = None
    identity: PaperIdentity | None = None
    contact: PaperContact | None = None
    employment: PaperEmployment | None = None
    health: PaperHealth | None = None
    economy: PaperEconomy | None = None


class CasePaperMade(PaperMade, Event):
    """A paper of a case was made: a consent to sign, a plan. `registration` is the case's diarienummer."""

    legal_basis: ClassVar = "OSL 5:1"


class PlacementPaperMade(PaperMade, Event):
    """A paper of a placement was made: an agreement to approve, a certificate afterwards."""

    legal_basis: ClassVar = "OSL 5:1"


class CompensationPaperMade(PaperMade, Event):
    """A paper of a compensation was made: the decision with its reasons and how to have it reviewed."""

    legal_basis: ClassVar = "OSL 5:1"
