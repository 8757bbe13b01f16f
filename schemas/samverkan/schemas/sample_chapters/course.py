"""A case's course: its authorities' work, pause, exit and what follows."""

from datetime import date
from typing import Final

from samverkan.schemas import casework, consent, course, participant, person
from samverkan.schemas.event import Compartment
from samverkan.schemas.sample_chapters.step import Step

COURSE: Final = (
    Step(
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
    Step(
        "case",
        casework.CaseRegistered(agency="kommun", registration="AME 2026/17", registered_on=date(2027, 3, 1)),
        date(2027, 3, 1),
        "kommun",
    ),
    Step(
        "case",
        casework.CaseworkerAssigned(agency="kommun", caseworker="kommun-handlaggare-1", assigned_on=date(2027, 3, 1)),
        date(2027, 3, 1),
        "kommun",
    ),
    Step(
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
    Step(
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
    Step(
        "case",
        casework.ConflictLifted(agency="af", caseworker="af-handlaggare-3", lifted_on=date(2027, 3, 3)),
        date(2027, 3, 3),
        "af",
    ),
    Step(
        "case",
        course.CasePaused(paused_on=date(2027, 3, 4), until_on=date(2027, 3, 31), health=course.Cause(code="illness")),
        date(2027, 3, 4),
        "kommun",
    ),
    Step("case", course.CaseResumed(resumed_on=date(2027, 4, 1)), date(2027, 4, 1), "kommun"),
    Step(
        "case",
        person.IdentityChanged(
            changed_on=date(2027, 4, 2),
            identity=participant.Identity(person_number="198808112380", name="Testperson Två"),
        ),
        date(2027, 4, 2),
        "kommun",
    ),
    Step(
        "case",
        person.ContactChanged(changed_on=date(2027, 4, 2), contact=participant.Contact(telephone="000-000 00 02")),
        date(2027, 4, 2),
        "kommun",
    ),
    Step(
        "case",
        casework.CaseTransferred(from_agency="kommun", to_agency="kommun-sundsvall", transferred_on=date(2027, 4, 12)),
        date(2027, 4, 12),
        "kommun",
    ),
    Step(
        "case",
        course.ClosingBegun(begun_on=date(2027, 4, 14), planned_on=date(2027, 4, 30)),
        date(2027, 4, 14),
        "kommun-sundsvall",
    ),
    Step(
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
    Step(
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
    Step(
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
    Step(
        "case",
        person.ProtectionMarked(
            keeper="kommun-sundsvall",
            marked_on=date(2027, 5, 4),
            identity=person.ProtectionKind(kind="confidentiality-mark"),
        ),
        date(2027, 5, 4),
        "kommun-sundsvall",
    ),
    Step(
        "case",
        course.FollowUpCounted(moment=course.Moment.SIX_MONTHS, registration_year=2026, women=1, men=0),
        date(2027, 10, 30),
        "kommun-sundsvall",
    ),
    Step("case", person.ProtectionLifted(lifted_on=date(2027, 11, 1)), date(2027, 11, 1), "kommun-sundsvall"),
    Step("case", course.CaseReopened(reopened_on=date(2027, 11, 15)), date(2027, 11, 15), "kommun-sundsvall"),
    Step(
        "case",
        course.CaseDeclined(
            declined_by="participant", declined_on=date(2027, 11, 22), health=course.Cause(code="own-wish")
        ),
        date(2027, 11, 22),
        "kommun-sundsvall",
    ),
    Step(
        "anonymous-case",
        course.AnonymousParticipationCounted(programme="introduktionsjobb", registration_year=2027, women=0, men=1),
        date(2027, 11, 22),
        "kommun",
    ),
)
