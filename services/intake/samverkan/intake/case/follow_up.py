"""Circumstances at entry, exit, 6 and 12 months, as the national Finsam follow-up (SUS, Uppföljning Finsam) asks. Pure.

Of a protected or anonymous participant nothing is recorded but that one more woman or man was followed up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from samverkan.backbone.errors import Refused
from samverkan.intake.case.by import ByCaseworker
from samverkan.intake.case.guards import OPEN, refuse_unless
from samverkan.intake.case.state import Case, Event, State
from samverkan.intake.person_number import Sex, age_on
from samverkan.schemas.course import AgeAndSex, FollowUpCounted, FollowUpRecorded, Livelihood, Moment, Occupation


class OccupationCode(StrEnum):
    """What a participant does (sysselsättning)."""

    WORK = "work"
    SUBSIDISED_WORK = "subsidised-work"
    STUDY = "study"
    JOB_SEEKING = "job-seeking"
    OTHER = "other"


class LivelihoodCode(StrEnum):
    """What a participant lives on (försörjning)."""

    NO_PUBLIC_SUPPORT = "no-public-support"
    SICKNESS_BENEFIT = "sickness-benefit"
    REHABILITATION_BENEFIT = "rehabilitation-benefit"
    ACTIVITY_COMPENSATION = "activity-compensation"
    SICKNESS_COMPENSATION = "sickness-compensation"
    UNEMPLOYMENT_INSURANCE = "unemployment-insurance"
    ACTIVITY_SUPPORT = "activity-support"
    ESTABLISHMENT_BENEFIT = "establishment-benefit"
    FINANCIAL_AID = "financial-aid"
    STUDENT_AID = "student-aid"
    OTHER_PUBLIC_SUPPORT = "other-public-support"
    UNSTATED = "unstated"


class Education(StrEnum):
    """Highest finished education."""

    NONE = "none"
    COMPULSORY = "compulsory"
    UPPER_SECONDARY = "upper-secondary"
    POST_SECONDARY = "post-secondary"
    UNSTATED = "unstated"


@dataclass(frozen=True)
class RecordFollowUp(ByCaseworker):
    """The circumstances at one moment. Shares are percent of full time or of what the participant lives on.

    `corrects`: what was recorded of that moment was wrong; it stays as history.
    """

    moment: Moment
    recorded_on: date
    occupations: Mapping[OccupationCode, int]
    livelihood: Mapping[LivelihoodCode, int]
    education: Education | None = None
    years_on_support: int | None = None
    corrects: bool = False


_ALLOWED: Final[Mapping[Moment, frozenset[State]]] = {
    Moment.ENTRY: OPEN,
    Moment.EXIT: frozenset({State.CLOSING, State.CLOSED}),
    Moment.SIX_MONTHS: frozenset({State.CLOSED}),
    Moment.TWELVE_MONTHS: frozenset({State.CLOSED}),
}


def record_follow_up(command: RecordFollowUp, case: Case) -> Sequence[Event]:
    """Refused: `follow-up-shares`, `follow-up-too-early`, `follow-up-before-referral`, `follow-up-recorded`,
    `identity-unreadable`, and by a state to which the moment does not belong."""
    for shares in (command.occupations, command.livelihood):
        if not all(1 <= share <= 100 for share in shares.values()) or sum(shares.values()) > 100:
            raise Refused("follow-up-shares")
    earlier = case.follow_ups.get(command.moment)
    if case.state is State.ANONYMOUS:
        return [] if earlier is not None else [_counted_anonymously(command.moment, case)]
    recorded = _recorded(command, case)
    if earlier == recorded:
        return []
    refuse_unless(case, _ALLOWED.get(command.moment, frozenset()))
    _refuse_wrong_day(command, case)
    if case.protected is not None:
        return [] if isinstance(earlier, FollowUpCounted) else [_counted(command.moment, case)]
    if earlier is not None and not command.corrects:
        raise Refused("follow-up-recorded", moment=command.moment)
    return [recorded]


def registration_year(case: Case) -> int:
    """The year of the first referral of this participation."""
    return case.referrals[case.earlier].received_on.year


def _refuse_wrong_day(command: RecordFollowUp, case: Case) -> None:
    received_on = case.referrals[case.earlier].received_on
    if command.recorded_on < received_on:
        raise Refused("follow-up-before-referral", received_on=received_on.isoformat())
    if case.exited is None:
        return
    due_on = {Moment.SIX_MONTHS: case.exited.six_months_on, Moment.TWELVE_MONTHS: case.exited.twelve_months_on}
    if command.moment in due_on and command.recorded_on < due_on[command.moment]:
        raise Refused("follow-up-too-early", due_on=due_on[command.moment].isoformat())


def _recorded(command: RecordFollowUp, case: Case) -> FollowUpRecorded:
    person = case.person
    return FollowUpRecorded(
        moment=command.moment,
        recorded_on=command.recorded_on,
        identity=None
        if person is None
        else AgeAndSex(age=age_on(person.born_on, command.recorded_on), sex=person.sex.value),
        employment=Occupation(
            occupations={code.value: share for code, share in sorted(command.occupations.items())},
            education=None if command.education is None else command.education.value,
        ),
        economy=Livelihood(
            sources={code.value: share for code, share in sorted(command.livelihood.items())},
            years_on_support=command.years_on_support,
        ),
    )


def _counted(moment: Moment, case: Case) -> FollowUpCounted:
    if case.person is None:
        raise Refused("identity-unreadable")
    return FollowUpCounted(
        moment=moment,
        registration_year=registration_year(case),
        women=int(case.person.sex is Sex.FEMALE),
        men=int(case.person.sex is Sex.MALE),
    )


def _counted_anonymously(moment: Moment, case: Case) -> FollowUpCounted:
    assert case.counted is not None
    return FollowUpCounted(
        moment=moment,
        registration_year=case.counted.registration_year,
        women=case.counted.women,
        men=case.counted.men,
    )
