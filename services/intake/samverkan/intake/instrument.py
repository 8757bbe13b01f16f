"""Instruments of the shared assessment: versioned data (instruments/*.toml), never changed once released.

A version says what was asked, by whom it is answered and how answers are counted, so that measurements of different
years keep their meaning: a change of words, steps or scoring is a new version. Two versions can be compared in those
domains where the newer one's data says so, and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from samverkan.backbone.calendar import months_later
from samverkan.schemas.catalogue import Role


class Scoring(StrEnum):
    """How a domain's score follows from its answers. Each keeps it on the instrument's scale."""

    ONLY = "only"
    """The answer to its only question."""
    LOWEST = "lowest"
    """The lowest answer: where support is needed most decides."""
    MEAN = "mean"
    """The mean, rounded half up."""


@dataclass(frozen=True)
class Step:
    """One answer that can be given, in words."""

    score: int
    sv: str
    en: str


@dataclass(frozen=True)
class Question:
    """`code` is the key of the answer."""

    code: str
    sv: str
    en: str


@dataclass(frozen=True)
class Domain:
    """One domain of life. `answered_by`: the roles of agencies that may answer its questions, who knows most first."""

    code: str
    name_sv: str
    name_en: str
    answered_by: tuple[Role, ...]
    scoring: Scoring
    questions: tuple[Question, ...]

    def score(self, answers: Mapping[str, int]) -> int:
        """The domain's score. KeyError: a question has no answer."""
        given = [answers[question.code] for question in self.questions]
        if self.scoring is Scoring.MEAN:
            return (2 * sum(given) + len(given)) // (2 * len(given))
        return min(given)


@dataclass(frozen=True)
class Comparable:
    """Scores of these domains mean the same in that earlier version of the same instrument."""

    version: int
    domains: tuple[str, ...]


@dataclass(frozen=True)
class Instrument:
    """A released version, in force from `valid_from` to the end of `valid_until`.

    The lowest step means that much support is needed, the highest that none is: a higher later score is a gain.
    `repeat_months`: how long after a measurement the next one is due.
    """

    code: str
    version: int
    name_sv: str
    name_en: str
    valid_from: date
    source: str
    repeat_months: int
    steps: tuple[Step, ...]
    domains: tuple[Domain, ...]
    comparable: tuple[Comparable, ...] = ()
    valid_until: date | None = None

    @property
    def lowest(self) -> int:
        """The lowest score of the scale."""
        return self.steps[0].score

    @property
    def highest(self) -> int:
        """The highest score of the scale."""
        return self.steps[-1].score

    def next_on(self, day: date) -> date:
        """The day on which the next measurement is due after one on `day`."""
        return months_later(day, self.repeat_months)

    def in_force(self, day: date) -> bool:
        """Whether a measurement may be made with it on that day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def unanswered(self, scores: Mapping[str, int]) -> tuple[str, ...]:
        """The domains that have no score."""
        return tuple(domain.code for domain in self.domains if domain.code not in scores)

    def unknown(self, scores: Mapping[str, int]) -> tuple[str, ...]:
        """Scores of domains that this version does not have."""
        return tuple(sorted(scores.keys() - {domain.code for domain in self.domains}))

    def outside_scale(self, answers: Mapping[str, int]) -> tuple[str, ...]:
        """The codes whose score or answer is no step of the scale."""
        return tuple(sorted(code for code, score in answers.items() if not self.lowest <= score <= self.highest))

    def questions(self, role: Role | None = None) -> tuple[str, ...]:
        """The codes of all questions, or of those that an agency with this role may answer."""
        return tuple(
            question.code
            for domain in self.domains
            if role is None or role in domain.answered_by
            for question in domain.questions
        )

    def scores(self, answers: Mapping[str, int]) -> dict[str, int]:
        """Domain → score. KeyError: a question has no answer."""
        return {domain.code: domain.score(answers) for domain in self.domains}

    def comparable_domains(self, earlier: "Instrument") -> frozenset[str]:
        """The domains whose scores mean the same in this version and in the earlier one."""
        if earlier.code != self.code:
            return frozenset()
        if earlier.version == self.version:
            return frozenset(domain.code for domain in self.domains)
        told = (one.domains for one in self.comparable if one.version == earlier.version)
        return frozenset(code for domains in told for code in domains)


@cache
def instruments() -> tuple[Instrument, ...]:
    """Every released version, read once. InstrumentsInvalid: the files cannot be used; the service must not start."""
    from samverkan.intake.instruments.load import load_instruments

    return load_instruments(files("samverkan.intake.instruments"))


def find(code: str, version: int) -> Instrument | None:
    """The released version of an instrument; None when there is none."""
    return next((known for known in instruments() if (known.code, known.version) == (code, version)), None)


def newest(code: str, day: date) -> Instrument | None:
    """The highest version in force on that day; None when none is."""
    released = [known for known in instruments() if known.code == code and known.in_force(day)]
    return max(released, key=lambda known: known.version, default=None)
