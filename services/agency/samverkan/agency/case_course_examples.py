"""Cases for tests of what may be shown when: consent taken back and given anew (story 7), protected data (story 8), a
transfer, a whole course, and a participant without a name."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.testing.record import stream
from samverkan.schemas import casework, consent, course, participant, person
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.event import COMPARTMENTS, Compartment, Event
from samverkan.schemas.participant import Programme

SHARED, PROTECTED, NAMELESS = UUID(int=201), UUID(int=202), UUID(int=203)
_FORM: Final = Programme.INTRODUKTIONSJOBB
_REGION: Final = (Compartment.CONTACT, Compartment.HEALTH, Compartment.IDENTITY)


def _on(stream_id: UUID, *told: tuple[Event, date]) -> list[Recorded]:
    """Events that took effect on these days and were recorded at nine in the morning, a minute apart."""
    events = stream(PARTICIPANT, stream_id, *(event for event, _ in told))
    placed = []
    for minute, (one, (_, day)) in enumerate(zip(events, told, strict=True)):
        recorded_at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC) + timedelta(minutes=minute)
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        envelope = one.envelope._replace(time=midnight, recorded_at=recorded_at)
        placed.append(one._replace(envelope=envelope))
    return placed


def _consent(agency: str, compartments: Sequence[Compartment], day: date) -> tuple[Event, date]:
    given = participant.ConsentGiven(
        agency=agency, purpose="shared-case", compartments=tuple(sorted(compartments)), given_on=day
    )
    return given, day


def _assessed(day: date, health: int) -> tuple[Event, date]:
    scores = participant.AssessmentScores(scores={"health": health})
    return (
        participant.AssessmentRecorded(instrument="five-domains", instrument_version=1, assessed_on=day, health=scores),
        day,
    )


_REFERRED: Final = participant.ParticipantReferred(
    programme=_FORM,
    referred_by="kommun",
    agencies_needed=("kommun", "region"),
    received_on=date(2026, 2, 2),
    identity=participant.Identity(person_number="199006022397", name="Testperson Sju"),
    contact=participant.Contact(language="sv"),
)
BEGINNING: Final = (
    (_REFERRED, date(2026, 2, 2)),
    _consent("kommun", sorted(COMPARTMENTS), date(2026, 2, 4)),
    _consent("region", _REGION, date(2026, 2, 4)),
    _assessed(date(2026, 2, 6), 2),
)
WITHDRAWN: Final = (
    consent.ConsentWithdrawn(
        agency="region", purpose="shared-case", compartments=_REGION, withdrawn_on=date(2026, 4, 10)
    ),
    date(2026, 4, 10),
)
MEANWHILE: Final = _assessed(date(2026, 5, 4), 1)
ANEW: Final = _consent("region", _REGION, date(2026, 6, 1))
LATER: Final = _assessed(date(2026, 8, 3), 5)

withdrawn: Final = _on(SHARED, *BEGINNING, WITHDRAWN, MEANWHILE)
consented_anew: Final = _on(SHARED, *BEGINNING, WITHDRAWN, MEANWHILE, ANEW, LATER)


def agreed_again(times: int) -> list[Recorded]:
    """The same consent, over and over."""
    return _on(SHARED, *BEGINNING, *[_consent("region", _REGION, date(2026, 3, 2))] * times)


_EXIT: Final = course.FollowUpRecorded(
    moment=course.Moment.EXIT,
    recorded_on=date(2026, 9, 30),
    identity=course.AgeAndSex(age=36, sex="male"),
    employment=course.Occupation(occupations={"work": 100}),
    economy=course.Livelihood(sources={"no-public-support": 100}, years_on_support=3),
)
whole_course: Final = _on(
    SHARED,
    *BEGINNING,
    (participant.ParticipantEnrolled(programme=_FORM, enrolled_on=date(2026, 2, 10)), date(2026, 2, 10)),
    (
        casework.CaseRegistered(agency="kommun", registration="AME 2026/17", registered_on=date(2026, 2, 10)),
        date(2026, 2, 10),
    ),
    (
        casework.CaseworkerAssigned(agency="kommun", caseworker="kommun-1", assigned_on=date(2026, 2, 10)),
        date(2026, 2, 10),
    ),
    (
        course.CasePaused(paused_on=date(2026, 3, 2), until_on=date(2026, 4, 1), health=course.Cause(code="illness")),
        date(2026, 3, 2),
    ),
    (course.CaseResumed(resumed_on=date(2026, 4, 1)), date(2026, 4, 1)),
    (course.ClosingBegun(begun_on=date(2026, 9, 1), planned_on=date(2026, 9, 30)), date(2026, 9, 1)),
    (_EXIT, date(2026, 9, 30)),
    (
        course.ParticipantExited(
            exited_on=date(2026, 9, 30),
            six_months_on=date(2027, 3, 30),
            twelve_months_on=date(2027, 9, 30),
            health=course.Cause(code="work"),
        ),
        date(2026, 9, 30),
    ),
)
transferred: Final = _on(
    SHARED,
    *BEGINNING,
    (
        casework.CaseTransferred(from_agency="kommun", to_agency="kommun-sundsvall", transferred_on=date(2026, 3, 2)),
        date(2026, 3, 2),
    ),
)
MARKED: Final = (
    person.ProtectionMarked(keeper="kommun", marked_on=date(2026, 5, 4)),
    date(2026, 5, 4),
)
protected: Final = _on(PROTECTED, *BEGINNING, MARKED)
lifted: Final = _on(
    PROTECTED, *BEGINNING, MARKED, (person.ProtectionLifted(lifted_on=date(2026, 9, 1)), date(2026, 9, 1))
)
_NAMELESS: Final = course.AnonymousParticipationCounted(programme=_FORM.value, registration_year=2026, women=1, men=0)
nameless: Final = _on(NAMELESS, (_NAMELESS, date(2026, 5, 4)))
gone_nameless: Final = _on(SHARED, *BEGINNING, (_NAMELESS, date(2026, 5, 4)))

STREAMS: Final = (nameless,)
