"""May this person take part in this programme? Criteria are data (criteria/*.toml) with a validity period and a source.

Every criterion is looked at, also after one has failed: the explanation is recorded with the enrolment, and the
caseworker sees all that is missing at once. A fact that nobody has stated is unknown, and unknown is not met.
"""

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Final

from samverkan.intake.criteria.load import load_rules
from samverkan.intake.criteria.rule import Condition, Criterion, Rule
from samverkan.schemas.participant import Programme


class Finding(StrEnum):
    """What one criterion came to."""

    MET = "met"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What the caseworker has seen evidence of, None where nobody has stated it.

    Benefit days and months are those used, months of absence out of the last 15 and the last 9.
    """

    unemployed: bool | None = None
    in_job_programme: bool | None = None
    youth_guarantee_days: int | None = None
    newly_arrived: bool | None = None
    job_benefit_days: int | None = None
    absent_months_of_15: int | None = None
    absent_months_of_9: int | None = None
    work_capacity_assessed: bool | None = None
    exception_under_25: bool | None = None


@dataclass(frozen=True)
class Facts(Stated):
    """All that is known of a person. `age` in full years on the day of referral, `age_when_enrolled` on the day of
    enrolment; None when who it is cannot be read."""

    age: int | None
    agencies_needed: int
    age_when_enrolled: int | None = None

    @classmethod
    def of(cls, stated: Stated, age: int | None, age_when_enrolled: int | None, agencies_needed: int) -> "Facts":
        """What was stated, with what the case itself knows."""
        said = {one.name: getattr(stated, one.name) for one in fields(Stated)}
        return cls(age=age, agencies_needed=agencies_needed, age_when_enrolled=age_when_enrolled, **said)


@dataclass(frozen=True)
class Found:
    """A criterion and what it came to for one person. `evidence` names the facts that it looked at."""

    criterion: Criterion
    finding: Finding
    evidence: str


LABELS: Final = {
    "age": "age on the day of referral",
    "agencies_needed": "agencies whose support is needed",
    "unemployed": "unemployed",
    "in_job_programme": "in JOB",
    "youth_guarantee_days": "days in the youth guarantee",
    "newly_arrived": "newly arrived",
    "age_when_enrolled": "age on the day of enrolment",
    "job_benefit_days": "benefit days used in JOB",
    "absent_months_of_15": "months of absence of the last 15",
    "absent_months_of_9": "months of absence of the last 9",
    "work_capacity_assessed": "assessed by AF",
    "exception_under_25": "exception for who is under 25",
}

# Read once, with the module: a service whose criteria cannot be trusted never starts.
RULES: Final[tuple[Rule, ...]] = load_rules({field.name for field in fields(Facts)})


def evaluate(programme: Programme, enrolled_on: date, facts: Facts) -> tuple[Found, ...] | None:
    """Look at every criterion in force on the day; None when no verified rule is known for it on that day."""
    rule = rule_of(programme, enrolled_on)
    if rule is None or not rule.verified:
        return None
    return tuple(_found(criterion, facts) for criterion in rule.criteria)


def rule_of(programme: Programme, day: date) -> Rule | None:
    """The version of that day; None when there is none."""
    return next((rule for rule in RULES if rule.programme is programme and rule.covers(day)), None)


def _found(criterion: Criterion, facts: Facts) -> Found:
    holds = _any(*(_all(*(_holds(condition, facts) for condition in way)) for way in criterion.any))
    finding = Finding.UNKNOWN if holds is None else Finding.MET if holds else Finding.NOT_MET
    looked_at = dict.fromkeys(condition.fact for way in criterion.any for condition in way)
    evidence = "; ".join(f"{LABELS[name]}: {_stated(getattr(facts, name))}" for name in looked_at)
    return Found(criterion, finding, evidence)


def _holds(condition: Condition, facts: Facts) -> bool | None:
    stated: bool | int | None = getattr(facts, condition.fact)
    if stated is None:
        return None
    if condition.equals is not None:
        return stated == condition.equals
    low, high = condition.at_least, condition.at_most
    return (low is None or stated >= low) and (high is None or stated <= high)


def _all(*parts: bool | None) -> bool | None:
    """Three-valued and: one no decides, otherwise one unknown does."""
    if any(part is False for part in parts):
        return False
    return None if any(part is None for part in parts) else True


def _any(*parts: bool | None) -> bool | None:
    """Three-valued or: one yes decides, otherwise one unknown does. Of no part at all: no."""
    if any(part is True for part in parts):
        return True
    return None if any(part is None for part in parts) else False


def _stated(fact: bool | int | None) -> str:
    if fact is None:
        return "not stated"
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return str(fact)
