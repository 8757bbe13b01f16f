"""Events of consent and its end (topic samverkan.participant, published by intake). `ConsentGiven`: participant.py."""

from datetime import date
from typing import ClassVar

from samverkan.schemas.event import Compartment, Effective, Event, Many, Open
from samverkan.schemas.participant import ConsentForm


class ConsentRequested(Event):
    """The participant was handed a form, in this language, for consent to these agencies; nobody may see more yet."""

    legal_basis: ClassVar = "OSL 10:1, 12:2"
    agencies: Open[Many[str]]
    purpose: Open[str]
    insats: Open[str | None] = None
    asked_on: Effective[date]
    contact: ConsentForm | None = None


class ConsentWithdrawn(Event):
    """The participant took these compartments back from one agency, for one purpose and insats.

    Readers: from now on the agency shows nothing of them, neither what it held nor what is recorded later. What is
    recorded until a new consent never becomes readable to it.
    """

    legal_basis: ClassVar = "OSL 12:2"
    agency: Open[str]
    purpose: Open[str]
    insats: Open[str | None] = None
    compartments: Open[Many[Compartment]]
    withdrawn_on: Effective[date]
