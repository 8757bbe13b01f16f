"""Events of the participant's case (topic samverkan.participant, published by intake)."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from samverkan.schemas.event import Compartment, Effective, Event, Many, Open, Sealed
from samverkan.schemas.wire_enum import WireEnum


class Programme(WireEnum):
    """The programmes and forms of support of domain.md section 4."""

    ARBETSMARKNADSTORGET = "arbetsmarknadstorget"
    EXTRATJANST = "extratjanst"
    INTRODUKTIONSJOBB = "introduktionsjobb"
    NYSTARTSJOBB = "nystartsjobb"
    LONEBIDRAG_UTVECKLING = "lonebidrag-utveckling"
    LONEBIDRAG_ANSTALLNING = "lonebidrag-anstallning"
    LONEBIDRAG_TRYGGHET = "lonebidrag-trygghet"
    ARBETSPRAKTIK = "arbetspraktik"
    ARBETSTRANING = "arbetstraning"
    UNKNOWN = "unknown"


class Identity(Sealed):
    """Who the participant is. `person_number` is a personnummer or samordningsnummer, 12 digits."""

    compartment: ClassVar = Compartment.IDENTITY
    person_number: str
    name: str | None = None


class Contact(Sealed):
    """How the participant is reached, and in which language (ISO 639-1)."""

    compartment: ClassVar = Compartment.CONTACT
    telephone: str | None = None
    email: str | None = None
    language: str | None = None
    needs_interpreter: bool | None = None


class ReferralReason(Sealed):
    """Why support is needed, in the referring agency's words."""

    compartment: ClassVar = Compartment.HEALTH
    reason: str


class AssessmentScores(Sealed):
    """Answers of the shared assessment: domain of life → 1–5 (the instrument's version says what each means)."""

    compartment: ClassVar = Compartment.HEALTH
    scores: dict[str, int]


class CriterionFound(Sealed):
    """What one criterion of a programme came to: `finding` is met, not-met or unknown; `source` is its legal ground."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    criterion: str
    source: str
    finding: str
    evidence: str


class Eligibility(Sealed):
    """Why the person may take part: every criterion of the programme with its finding."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    criteria: Many[CriterionFound]


class ParticipantReferred(Event):
    """A partner referred a person; the case exists from now on."""

    legal_basis: ClassVar = "OSL 10:1"
    programme: Open[Programme]
    referred_by: Open[str]
    agencies_needed: Open[Many[str]]
    received_on: Effective[date]
    identity: Identity | None = None
    contact: Contact | None = None
    health: ReferralReason | None = None


class ReferralRepeated(Event):
    """Another referral of a person who has a case already: one case, and nothing that was said is lost."""

    legal_basis: ClassVar = "OSL 10:1"
    programme: Open[Programme]
    referred_by: Open[str]
    agencies_needed: Open[Many[str]]
    received_on: Effective[date]
    identity: Identity | None = None
    contact: Contact | None = None
    health: ReferralReason | None = None


class WhoConsented(Sealed):
    """`consented_by`: `participant`, `guardian` or `both`. `maturity`: `mature` or `not-mature`, of a minor (OSL 12:3,
    FB 6:11), found by the caseworker `assessed_by` (a pseudonym)."""

    compartment: ClassVar = Compartment.IDENTITY
    consented_by: str
    maturity: str | None = None
    assessed_by: str | None = None


class ConsentForm(Sealed):
    """In which language (ISO 639-1) the form was read, in easy words or not, and whether an interpreter was there."""

    compartment: ClassVar = Compartment.CONTACT
    language: str
    easy_words: bool | None = None
    interpreter_used: bool | None = None


class ConsentGiven(Event):
    """The participant agreed in writing that one agency may see some compartments for one purpose.

    `insats`: for this programme alone. `form`: `paper` or `e-signature`. `paper_sha256`: of the form that was
    signed, as its CasePaperMade has it.
    """

    legal_basis: ClassVar = "OSL 10:1, 12:2"
    agency: Open[str]
    purpose: Open[str]
    compartments: Open[Many[Compartment]]
    given_on: Effective[date]
    insats: Open[str | None] = None
    form: Open[str | None] = None
    paper_sha256: Open[str | None] = None
    identity: WhoConsented | None = None
    contact: ConsentForm | None = None


class AssessmentRecorded(Event):
    """The shared assessment was taken. Only the instrument and the day are open; the answers are health.

    `occasion`: start, quarterly, exit or extra. `answered_by`: the agencies that answered, of the measurement
    `measurement_id`. `comparable_with`: `<version>/<domain>` of earlier versions of the same instrument in which a
    score means the same; between different versions nothing else may be compared.
    """

    legal_basis: ClassVar = "OSL 10:1"
    instrument: Open[str]
    instrument_version: Open[int]
    assessed_on: Effective[date]
    occasion: Open[str | None] = None
    measurement_id: Open[UUID | None] = None
    answered_by: Open[Many[str] | None] = None
    comparable_with: Open[Many[str] | None] = None
    health: AssessmentScores | None = None


class ParticipantEnrolled(Event):
    """The person takes part in the programme from this day; agencies count a participation."""

    legal_basis: ClassVar = "SFS 2003:1210"
    programme: Open[Programme]
    enrolled_on: Effective[date]
    employment: Eligibility | None = None


class PlacementNoted(Event):
    """intake learnt that a placement of this case started or ended: the case's own record of it."""

    legal_basis: ClassVar = "OSL 10:1"
    placement_id: Open[UUID]
    state: Open[str]
    noted_on: Effective[date]


class CaseReactionRefused(Event):
    """What another service's event asked of the case was refused by its rules: an outcome, not a failure."""

    legal_basis: ClassVar = "OSL 10:1"
    command: Open[str]
    code: Open[str]
