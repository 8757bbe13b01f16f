"""Whose consent counts for a young person. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from samverkan.backbone.errors import Refused


class ConsentedBy(StrEnum):
    """Who signed."""

    PARTICIPANT = "participant"
    GUARDIAN = "guardian"
    BOTH = "both"


class Maturity(StrEnum):
    """What the caseworker found: does this young person understand what the consent covers?"""

    MATURE = "mature"
    NOT_MATURE = "not-mature"


@dataclass(frozen=True)
class AgeOfConsent:
    """Ages in full years: from `alone_from` nobody else is asked; from `maturity_from` to then, a mature one may
    consent alone; below it a guardian must."""

    maturity_from: int
    alone_from: int
    valid_from: date
    source: str


# OSL gives no number for maturity: the guardian decides with growing regard for the child's will (FB 6:11), and a
# secrecy in the child's interest is lifted by a child that is mature enough. 16 is the lowest age that an insats takes.
AGE_OF_CONSENT: Final = AgeOfConsent(16, 18, date(2009, 6, 30), "OSL 12:3, FB 6:11")


def refuse_unsettled(age: int | None, consented_by: ConsentedBy | None, maturity: Maturity | None) -> None:
    """An age that nobody can read is taken as grown up: a consent is then what it says.

    Refused: `guardian-consent-needed`, `minor-consent-unsettled`.
    """
    rule = AGE_OF_CONSENT
    if age is None or age >= rule.alone_from:
        return
    if consented_by is None:
        raise Refused("minor-consent-unsettled", source=rule.source)
    if consented_by is not ConsentedBy.PARTICIPANT:
        return
    if age < rule.maturity_from or maturity is Maturity.NOT_MATURE:
        raise Refused("guardian-consent-needed", source=rule.source)
    if maturity is None:
        raise Refused("minor-consent-unsettled", source=rule.source)
