"""The part of the samples' story that tells of a case's course: its authorities' work, pause, exit and what follows."""

from datetime import date
from typing import Final, NamedTuple

from samverkan.schemas import casework, consent, course, participant, person
from samverkan.schemas.event import Compartment, Event


class CourseStep(NamedTuple):
    """`stream` is a label of sample_story.py."""

    stream: str
    event: Event
    recorded_on: date
    agency: str | None = None


COURSE: Final = (
    CourseStep(
        "case",
        consent.ConsentRequested(
            agencies=("af", "region"),
            purpose="plan",
            insats="introduktionsjobb",
            asked_on=date(2027, 3, 1),
            contact=participant.ConsentForm(language="sv", easy_words=True),
        ),
        date(2027, 3, 1),
        "kommun",
    ),
    CourseStep(
        "case",
        casework.CaseRegistered(agency="kommun", registration="AME 2026/17", registered_on=date(2027, 3, 1)),
        date(2027, 3, 1),
        "kommun",
    ),
    CourseStep(
        "case",
        casework.CaseworkerAssigned(agency="kommun", caseworker="kommun-handlaggare-1", assigned_on=date(2027, 3, 1)),
        date(2027, 3, 1),
        "kommun",
    ),
    CourseStep(
        "case",
        casework.StandInAppointed(
            agency="kommun",
            caseworker="kommun-handlaggare-2",
            from_on=date(2027, 3, 8),
            until_on=date(2027, 3, 12),
        ),
        date(2027, 3, 2),
        "kommun",
    ),
    CourseStep(
        "case",
        casework.ConflictDeclared(
            agency="af",
            caseworker="af-handlaggare-3",
            declared_on=date(2027, 3, 2),
            identity=casework.ConflictGround(ground="1"),
        ),
        date(2027, 3, 2),
        "af",
    ),
    CourseStep(
        "case",
        casework.ConflictLifted(agency="af", caseworker="af-handlaggare-3", lifted_on=date(2027, 3, 3)),
        date(2027, 3, 3),
        "af",
    ),
    CourseStep(
        "case",
        course.CasePaused(paused_on=date(2027, 3, 4), until_on=date(2027, 3, 31), health=course.Cause(code="illness")),
        date(2027, 3, 4),
        "kommun",
    ),
    CourseStep("case", course.CaseResumed(resumed_on=date(2027, 4, 1)), date(2027, 4, 1), "kommun"),
    CourseStep(
        "case",
        person.IdentityChanged(
            changed_on=date(2027, 4, 2),
            identity=participant.Identity(person_number="198808112380", name="Testperson Två"),
        ),
        date(2027, 4, 2),
        "kommun",
    ),
    CourseStep(
        "case",
        person.ContactChanged(changed_on=date(2027, 4, 2), contact=participant.Contact(telephone="000-000 00 02")),
        date(2027, 4, 2),
        "kommun",
    ),
    CourseStep(
        "case",
        casework.CaseTransferred(from_agency="kommun", to_agency="kommun-sundsvall", transferred_on=date(2027, 4, 12)),
        date(2027, 4, 12),
        "kommun",
    ),
    CourseStep(
        "case",
        course.ClosingBegun(begun_on=date(2027, 4, 14), planned_on=date(2027, 4, 30)),
        date(2027, 4, 14),
        "kommun-sundsvall",
    ),
    CourseStep(
        "case",
        course.FollowUpRecorded(
            moment=course.Moment.EXIT,
            recorded_on=date(2027, 4, 30),
            identity=course.AgeAndSex(age=38, sex="female"),
            employment=course.Occupation(occupations={"work": 100}, education="upper-secondary"),
            economy=course.Livelihood(sources={"no-public-support": 100}, years_on_support=4),
        ),
        date(2027, 4, 30),
        "kommun-sundsvall",
    ),
    CourseStep(
        "case",
        course.ParticipantExited(
            exited_on=date(2027, 4, 30),
            six_months_on=date(2027, 10, 30),
            twelve_months_on=date(2028, 4, 30),
            health=course.Cause(code="work"),
        ),
        date(2027, 4, 30),
        "kommun-sundsvall",
    ),
    CourseStep(
        "case",
        consent.ConsentWithdrawn(
            agency="region",
            purpose="plan",
            compartments=(Compartment.CONTACT, Compartment.HEALTH, Compartment.IDENTITY),
            withdrawn_on=date(2027, 5, 3),
        ),
        date(2027, 5, 3),
        "kommun-sundsvall",
    ),
    CourseStep(
        "case",
        person.ProtectionMarked(
            keeper="kommun-sundsvall",
            marked_on=date(2027, 5, 4),
            identity=person.ProtectionKind(kind="confidentiality-mark"),
        ),
        date(2027, 5, 4),
        "kommun-sundsvall",
    ),
    CourseStep(
        "case",
        course.FollowUpCounted(moment=course.Moment.SIX_MONTHS, registration_year=2026, women=1, men=0),
        date(2027, 10, 30),
        "kommun-sundsvall",
    ),
    CourseStep("case", person.ProtectionLifted(lifted_on=date(2027, 11, 1)), date(2027, 11, 1), "kommun-sundsvall"),
    CourseStep("case", course.CaseReopened(reopened_on=date(2027, 11, 15)), date(2027, 11, 15), "kommun-sundsvall"),
    CourseStep(
        "case",
        course.CaseDeclined(
            declined_by="participant", declined_on=date(2027, 11, 22), health=course.Cause(code="own-wish")
        ),
        date(2027, 11, 22),
        "kommun-sundsvall",
    ),
    CourseStep(
        "anonymous-case",
        course.AnonymousParticipationCounted(programme="introduktionsjobb", registration_year=2027, women=0, men=1),
        date(2027, 11, 22),
        "kommun",
    ),
)
