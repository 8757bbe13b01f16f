"""Instruments of the shared assessment: versioned data, never changed once a version has been used.

A version says what was asked and how an answer is counted, so that answers from different years can be compared:
a change of words or scale is a new version.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Domain:
    """One domain of life and its question. `code` is the key of the answer and never changes."""

    code: str
    question_sv: str
    question_en: str


@dataclass(frozen=True)
class Instrument:
    """A released version: its domains are all answered, each with a whole number from `lowest` to `highest`.

    `lowest` means that much support is needed, `highest` that none is: a higher later answer is a gain.
    """

    code: str
    version: int
    name_sv: str
    name_en: str
    domains: tuple[Domain, ...]
    lowest: int
    highest: int

    def unanswered(self, scores: Mapping[str, int]) -> tuple[str, ...]:
        """The domains that have no answer."""
        return tuple(domain.code for domain in self.domains if domain.code not in scores)

    def unknown(self, scores: Mapping[str, int]) -> tuple[str, ...]:
        """Answers to questions that this version does not ask."""
        return tuple(sorted(scores.keys() - {domain.code for domain in self.domains}))

    def outside_scale(self, scores: Mapping[str, int]) -> tuple[str, ...]:
        """The domains whose answer is not on the scale."""
        return tuple(sorted(code for code, score in scores.items() if not self.lowest <= score <= self.highest))


INSTRUMENTS: Final = (
    Instrument(
        code="five-domains",
        version=1,
        name_sv="Gemensam bedömning i fem områden",
        name_en="Shared assessment of five domains",
        domains=(
            Domain("structure-of-day", "Hur fungerar dygn och vardag?", "How do day, night and everyday life work?"),
            Domain("health", "Hur mår du, i kropp och själ?", "How are you, in body and mind?"),
            Domain("social-network", "Vilka människor har du omkring dig?", "Which people do you have around you?"),
            Domain(
                "skills-and-language",
                "Vad kan du, och hur går det med svenskan?",
                "What can you do, and how is your Swedish?",
            ),
            Domain(
                "readiness-to-work", "Hur nära är du ett arbete eller studier?", "How near are you to work or study?"
            ),
        ),
        lowest=1,
        highest=5,
    ),
)


def find(code: str, version: int) -> Instrument | None:
    """The released version of an instrument; None when there is none."""
    return next((known for known in INSTRUMENTS if (known.code, known.version) == (code, version)), None)
