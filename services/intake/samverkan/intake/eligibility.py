"""May this person take part in this programme? Criteria are data with a validity period and a source.

Every criterion is looked at, also after one has failed: the explanation is recorded with the enrolment, and the
caseworker sees all that is missing at once. A fact that nobody has stated is unknown, and unknown is not met.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from samverkan.schemas.participant import Programme


class Finding(StrEnum):
    """What one criterion came to."""

    MET = "met"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Facts:
    """What is known of a person, None where nobody has stated it. `age` in full years on the day of referral."""

    age: int | None
    agencies_needed: int
    unemployed: bool | None = None
    in_job_programme: bool | None = None
    youth_guarantee_days: int | None = None
    newly_arrived: bool | None = None


@dataclass(frozen=True)
class Criterion:
    """`code` names it, `refusal` is the code when it is not met. `evidence` tells which facts it looked at."""

    code: str
    refusal: str
    source: str
    find: Callable[[Facts], Finding]
    evidence: Callable[[Facts], str]


@dataclass(frozen=True)
class Found:
    """A criterion and what it came to for one person."""

    criterion: Criterion
    finding: Finding
    evidence: str


@dataclass(frozen=True)
class Rule:
    """The criteria of one programme for enrolments from `valid_from` to the day before `valid_until`."""

    programme: Programme
    valid_from: date
    valid_until: date | None
    criteria: tuple[Criterion, ...]


def evaluate(programme: Programme, enrolled_on: date, facts: Facts) -> tuple[Found, ...] | None:
    """Look at every criterion in force on the day; None when no rule is known for the programme on that day."""
    for rule in RULES:
        in_force = rule.valid_from <= enrolled_on and (rule.valid_until is None or enrolled_on < rule.valid_until)
        if rule.programme is programme and in_force:
            return tuple(
                Found(criterion, criterion.find(facts), criterion.evidence(facts)) for criterion in rule.criteria
            )
    return None


def _from(holds: bool | None) -> Finding:
    if holds is None:
        return Finding.UNKNOWN
    return Finding.MET if holds else Finding.NOT_MET


def _all(*parts: bool | None) -> bool | None:
    """Three-valued and: one no decides, otherwise one unknown does."""
    if any(part is False for part in parts):
        return False
    return None if any(part is None for part in parts) else True


def _any(*parts: bool | None) -> bool | None:
    """Three-valued or: one yes decides, otherwise one unknown does."""
    if any(part is True for part in parts):
        return True
    return None if any(part is None for part in parts) else False


def _age_between(lowest: int, highest: int) -> Callable[[Facts], Finding]:
    return lambda facts: _from(None if facts.age is None else lowest <= facts.age <= highest)


def _target_group_2018(facts: Facts) -> Finding:
    """In JOB; or 20 and at least 200 days in the youth guarantee; or newly arrived and 20 (2018:42)."""
    grown_up = None if facts.age is None else facts.age >= 20
    youth = None if facts.youth_guarantee_days is None else facts.youth_guarantee_days >= 200
    return _from(_any(facts.in_job_programme, _all(grown_up, youth), _all(grown_up, facts.newly_arrived)))


def _stated(fact: bool | int | None) -> str:
    if fact is None:
        return "not stated"
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return str(fact)


RULES: Final = (
    Rule(
        Programme.ARBETSMARKNADSTORGET,
        date.min,  # an agreement between the parties, no statute: no first day is stated
        None,
        (
            Criterion(
                "age-16-29",
                "age-outside-programme",
                "Arbetsmarknadstorget, target group",
                _age_between(16, 29),
                lambda facts: f"age on the day of referral: {_stated(facts.age)}",
            ),
            Criterion(
                "unemployed",
                "not-unemployed",
                "Arbetsmarknadstorget, target group",
                lambda facts: _from(facts.unemployed),
                lambda facts: f"unemployed: {_stated(facts.unemployed)}",
            ),
            Criterion(
                "support-from-two-agencies",
                "too-few-agencies",
                "Arbetsmarknadstorget, target group",
                lambda facts: _from(facts.agencies_needed >= 2),
                lambda facts: f"agencies whose support is needed: {facts.agencies_needed}",
            ),
        ),
    ),
    Rule(
        Programme.INTRODUKTIONSJOBB,
        date(2018, 5, 1),
        None,
        (
            Criterion(
                "target-group",
                "outside-target-group",
                "SFS 2018:42",
                _target_group_2018,
                lambda facts: (
                    f"in JOB: {_stated(facts.in_job_programme)}; age: {_stated(facts.age)}; "
                    f"days in the youth guarantee: {_stated(facts.youth_guarantee_days)}; "
                    f"newly arrived: {_stated(facts.newly_arrived)}"
                ),
            ),
        ),
    ),
)
