"""Request bodies that several endpoints of intake share, and how a caller becomes who gives a command."""

from typing import Annotated

from pydantic import StrictBool, StringConstraints

from samverkan.backbone.http.body import Body
from samverkan.backbone.http.call import CommandCall
from samverkan.intake.case.by import By
from samverkan.schemas.participant import ConsentForm

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
"""ISO 639-1."""

Caseworker = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^([0-9]{0,9}[a-z-])*[0-9]{0,9}$")]
"""The id that the caseworker's calls carry as Samverkan-Actor: a pseudonym, never ten digits in a row."""

PERSON_NUMBER = StringConstraints(min_length=1, max_length=13)


class ContactBody(Body):
    """How the participant is reached. `language`: ISO 639-1."""

    telephone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ()-]{3,30}$")] | None = None
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]{1,64}@[^@\s]{1,190}$")] | None = None
    language: Language | None = None
    needs_interpreter: StrictBool | None = None


class FormBody(Body):
    """In which language the consent form was read, in easy words or not, and with an interpreter or without."""

    language: Language
    easy_words: StrictBool | None = None
    interpreter_used: StrictBool | None = None

    def told(self) -> ConsentForm:
        """As the event tells it."""
        return ConsentForm(**dict(self))


def by(call: CommandCall) -> By:
    """Who calls."""
    return By(call.agency, call.actor)
