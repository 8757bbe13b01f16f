"""How long a support may last: at a time and in all, by rule version and person. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from samverkan.backbone.errors import Refused
from samverkan.funding.form_facts import FormFacts
from samverkan.funding.rules.subsidies import ContributionMultiple, Group, NoWage, SubsidyRule
from samverkan.funding.terms import Terms


@dataclass(frozen=True)
class Limits:
    """Months. `in_all` None: there is no longest time over several decisions."""

    at_a_time: int
    in_all: int | None


def limits(rule: SubsidyRule, terms: Terms, decided_on: date) -> Limits:
    """The longest times for this person under this version.

    Refused, by nystartsjobb: `outside-target-group`, `absence-unknown`, `birth-date-needed` (the birth year leaves two
    ages, and they differ here). By a practice: `fact-not-of-form`.
    """
    match rule:
        case ContributionMultiple():
            longest = _of_the_person(rule, terms, decided_on)
            return Limits(min(rule.months_at_a_time, longest), longest)
        case NoWage():
            return Limits(_of_a_practice(rule, terms), None)
        case _:
            return Limits(rule.months_at_a_time, rule.months_in_all)


def _of_the_person(rule: ContributionMultiple, terms: Terms, decided_on: date) -> int:
    facts = terms.facts
    if facts.absence_months is None and not facts.newly_arrived and not facts.in_job_programme:
        raise Refused("absence-unknown")
    by_age = {_longest(rule, facts, age) for age in _ages(terms.birth_year, facts.born_on, decided_on)}
    if len(by_age) > 1:
        raise Refused("birth-date-needed")
    longest = by_age.pop()
    if longest < 1:
        raise Refused("outside-target-group", source=rule.source)
    return longest


def _longest(rule: ContributionMultiple, facts: FormFacts, age: int) -> int:
    """0 when nobody of that age with these facts may have it; of several ways in the longest one."""
    return max((_months(group, facts) for group in rule.groups if _covers(group, facts, age)), default=0)


def _covers(group: Group, facts: FormFacts, age: int) -> bool:
    if age < group.from_age or (group.to_age is not None and age > group.to_age):
        return False
    match group.basis:
        case "absence":
            return facts.absence_months is not None and facts.absence_months >= group.absent_months
        case "newly-arrived":
            return bool(facts.newly_arrived)
        case "job-programme":
            return bool(facts.in_job_programme)


def _months(group: Group, facts: FormFacts) -> int:
    if group.as_long_as_absence and facts.absence_months is not None:
        return min(facts.absence_months, group.longest_months)
    return group.longest_months


def _ages(birth_year: int, born_on: date | None, day: date) -> Iterator[int]:
    """The ages in full years that the person may have on that day: one, or two when only the year is known.

    Born 29 February counts as 28 February (domain.md section 4, rule 10).
    """
    if born_on is None:
        yield from (day.year - birth_year - 1, day.year - birth_year)
    else:
        birthday = (born_on.month, 28 if (born_on.month, born_on.day) == (2, 29) else born_on.day)
        yield day.year - born_on.year - ((day.month, day.day) < birthday)


def _of_a_practice(rule: NoWage, terms: Terms) -> int:
    facts = terms.facts
    if facts.reinforced:
        if rule.months_reinforced is None:
            raise Refused("fact-not-of-form", fact="reinforced", form=terms.form.value)
        return rule.months_reinforced
    if facts.job_benefit_days is not None:
        if rule.job_days is None or rule.months_after_job_days is None:
            raise Refused("fact-not-of-form", fact="job_benefit_days", form=terms.form.value)
        if facts.job_benefit_days >= rule.job_days:
            return rule.months_after_job_days
    return rule.months_at_a_time
