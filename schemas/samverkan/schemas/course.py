"""Events of a case's course from pause to exit, and its follow-up (topic samverkan.participant, published by intake).

What is recorded at entry, exit, 6 and 12 months is what the national Finsam follow-up (SUS, Uppföljning Finsam) asks.
"""

from datetime import date
from typing import ClassVar

from samverkan.schemas.event import Compartment, Effective, Event, Open, Sealed
from samverkan.schemas.wire_enum import WireEnum


class Moment(WireEnum):
    """When the circumstances of a participant are recorded."""

    ENTRY = "entry"
    EXIT = "exit"
    SIX_MONTHS = "six-months"
    TWELVE_MONTHS = "twelve-months"
    UNKNOWN = "unknown"


class Cause(Sealed):
    """Why the case was paused, declined or ended: a code, and words of the caseworker. Illness is one of the codes."""

    compartment: ClassVar = Compartment.HEALTH
    code: str
    words: str | None = None


class AgeAndSex(Sealed):
    """Age in full years on the day, and what the personnummer says of sex (`female`, `male`)."""

    compartment: ClassVar = Compartment.IDENTITY
    age: int
    sex: str


class Occupation(Sealed):
    """What the participant does, by code and with its share of full time in percent; highest education by code."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    occupations: dict[str, int]
    education: str | None = None


class Livelihood(Sealed):
    """What the participant lives on, by code and share in percent; years on public support, without a break."""

    compartment: ClassVar = Compartment.ECONOMY
    sources: dict[str, int]
    years_on_support: int | None = None


class CasePaused(Event):
    """Nothing is asked of the participant until the case is resumed. `until_on`: when that is expected."""

    legal_basis: ClassVar = "OSL 10:1"
    paused_on: Effective[date]
    until_on: Open[date | None] = None
    health: Cause | None = None


class CaseResumed(Event):
    """The case goes on: the pause is over, or the exit that was prepared does not come."""

    legal_basis: ClassVar = "OSL 10:1"
    resumed_on: Effective[date]


class CaseDeclined(Event):
    """The case ended before it was active. `declined_by`: `participant`, or the code of an agency."""

    legal_basis: ClassVar = "OSL 10:1"
    declined_by: Open[str]
    declined_on: Effective[date]
    health: Cause | None = None


class ClosingBegun(Event):
    """The exit is being prepared: last assessment, last follow-up, what comes after."""

    legal_basis: ClassVar = "OSL 10:1"
    begun_on: Effective[date]
    planned_on: Open[date]


class ParticipantExited(Event):
    """The participation is over; follow-up is due 6 and 12 months later, on these days."""

    legal_basis: ClassVar = "SFS 2003:1210"
    exited_on: Effective[date]
    six_months_on: Open[date]
    twelve_months_on: Open[date]
    health: Cause | None = None


class CaseReopened(Event):
    """A person whose case was closed or declined was referred again: the same case, consented to and enrolled anew."""

    legal_basis: ClassVar = "OSL 10:1"
    reopened_on: Effective[date]


class FollowUpRecorded(Event):
    """The circumstances at one moment of the participation. The latest of a moment counts; earlier ones are history."""

    legal_basis: ClassVar = "SFS 2003:1210"
    moment: Open[Moment]
    recorded_on: Effective[date]
    identity: AgeAndSex | None = None
    employment: Occupation | None = None
    economy: Livelihood | None = None


class FollowUpCounted(Event):
    """Instead of a follow-up of a protected or anonymous participant: one more woman or man, and nothing else."""

    legal_basis: ClassVar = "SFS 2003:1210"
    moment: Open[Moment]
    registration_year: Open[int]
    women: Open[int]
    men: Open[int]


class AnonymousParticipationCounted(Event):
    """A participation without any identity: one more woman or man of a programme and registration year."""

    legal_basis: ClassVar = "SFS 2003:1210"
    programme: Open[str]
    registration_year: Open[int]
    women: Open[int]
    men: Open[int]
