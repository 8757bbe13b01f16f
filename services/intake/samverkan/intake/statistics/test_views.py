"""Participations from what a case told, and a publication through HTTP of generated cases with opaque ids."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx

from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.backbone.testing.permute import fold
from samverkan.backbone.testing.record import stream
from samverkan.backbone.testing.stored_rows import assert_stored_as_folded
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.intake.api_examples import post
from samverkan.intake.case.examples import ENROLLED, READY
from samverkan.intake.statistics.examples import INSATS, PUBLISH
from samverkan.intake.statistics.participation import Participation
from samverkan.intake.statistics.publication import Publication, decide
from samverkan.intake.statistics.publication_view import Publications
from samverkan.intake.statistics.views import ParticipationRow, Participations, participations
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.course import (
    AgeAndSex,
    AnonymousParticipationCounted,
    CaseReopened,
    FollowUpCounted,
    FollowUpRecorded,
    Livelihood,
    Moment,
    Occupation,
)
from samverkan.schemas.event import Event
from samverkan.schemas.person import ProtectionMarked

CASE = UUID(int=1)
DAY = date(2026, 2, 10)


def follow_up(moment: Moment, livelihood: str) -> FollowUpRecorded:
    return FollowUpRecorded(
        moment=moment,
        recorded_on=DAY,
        identity=AgeAndSex(age=37, sex="female"),
        employment=Occupation(occupations={"job-seeking": 100}),
        economy=Livelihood(sources={livelihood: 100}),
    )


ENTRY, EXIT = follow_up(Moment.ENTRY, "activity-support"), follow_up(Moment.EXIT, "no-public-support")


def row(*events: Event) -> ParticipationRow:
    found: Any = fold([Participations()], stream(PARTICIPANT, CASE, *READY, *events))["statistics_participation"][CASE]
    assert isinstance(found, ParticipationRow)
    return found


def counted(*events: Event) -> list[Participation]:
    return participations(row(*events))


def test_an_enrolment_is_a_participation_with_what_followed() -> None:
    (one,) = counted(ENROLLED, ENTRY, EXIT)
    assert (one.case_id, one.programme, one.sex) == (CASE, "introduktionsjobb", "female")
    assert {name: dict(at.livelihood) for name, at in one.moments.items()} == {
        "entry": {"activity-support": 100},
        "exit": {"no-public-support": 100},
    }


def test_who_comes_back_participates_twice_and_the_first_time_stays_as_it_was() -> None:
    first, second = counted(ENROLLED, ENTRY, EXIT, CaseReopened(reopened_on=DAY), ENROLLED)
    assert first.case_id == second.case_id
    assert set(first.moments) == {"entry", "exit"} and not second.moments


def test_a_correction_changes_what_was_told_and_not_when_it_counts() -> None:
    events = stream(PARTICIPANT, CASE, *READY, ENROLLED, ENTRY, follow_up(Moment.ENTRY, "financial-aid"))
    envelope = events[-1].envelope
    later = envelope._replace(recorded_at=envelope.recorded_at + timedelta(days=300))
    corrected = [*events[:-1], events[-1]._replace(envelope=later)]
    found: Any = fold([Participations()], corrected)["statistics_participation"][CASE]
    (one,) = participations(found)
    (uncorrected,) = counted(ENROLLED, ENTRY)
    assert dict(one.moments["entry"].livelihood) == {"financial-aid": 100}
    assert one.moments["entry"].counted_on == uncorrected.moments["entry"].counted_on


def test_of_protected_and_anonymous_participants_nothing_is_counted_here_but_their_sex() -> None:
    marked = ProtectionMarked(keeper="kommun", marked_on=DAY)
    (one,) = counted(ENROLLED, ENTRY, marked)
    assert not one.moments
    (one,) = counted(ENROLLED, ENTRY, FollowUpCounted(moment=Moment.ENTRY, registration_year=2026, women=1, men=0))
    assert not one.moments
    anonymous = AnonymousParticipationCounted(programme="introduktionsjobb", registration_year=2026, women=1, men=0)
    assert counted(ENROLLED, ENTRY, anonymous) == []


def test_without_readable_compartments_nothing_is_guessed() -> None:
    unreadable = [event.model_copy(update={"identity": None}) for event in READY if hasattr(event, "identity")]
    events = stream(PARTICIPANT, CASE, *unreadable, ENROLLED)
    found: Any = fold([Participations()], events)["statistics_participation"][CASE]
    assert participations(found) == []
    (one,) = counted(ENROLLED, ENTRY.model_copy(update={"employment": None, "economy": None}))
    assert not one.moments["entry"].livelihood


async def test_the_database_gives_back_what_was_folded(database: str) -> None:
    migrate(database, *folders_of("intake"))
    case = stream(PARTICIPANT, CASE, *READY, ENROLLED, ENTRY, EXIT, CaseReopened(reopened_on=DAY), ENROLLED)
    publication = stream(PARTICIPANT, UUID(int=2), *decide(PUBLISH, Publication()))
    await assert_stored_as_folded(database, [Participations(), Publications()], [*case, *publication])


async def publish(client: httpx.AsyncClient, **differently: Any) -> httpx.Response:
    body = {"insats_id": str(INSATS), "programme": "introduktionsjobb", "year": 2026, "half": 1}
    agency = differently.pop("agency", "kommun")
    return await post(client, "/statistics", {**body, "published_on": "2026-07-10", **differently}, agency)


async def test_a_half_year_is_published_and_its_small_cells_are_not(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    topic = runtime.service.owns
    assert topic is not None
    for person in range(7):
        await runtime.happened(topic, UUID(int=100 + person), *READY, ENROLLED, ENTRY, EXIT)
    published = await publish(client)
    assert (published.status_code, published.json()["events"]) == (201, ["StatisticsPublished"])
    (row,) = (await client.get("/statistics")).json()
    assert row["cells"]["begun/all"] == 7
    assert row["cells"]["exit/all"] == 7
    assert "livelihood/exit/after/no-public-support/all" in row["hidden"], "it would say that nobody lives on aid"
    assert "begun/men" in row["hidden"], "all seven are women; that no man is there is a small cell"
    assert row["saved_per_year"] == "666855.00"
    assert (await publish(client)).json()["events"] == []
    await runtime.happened(topic, UUID(int=200), *READY, ENROLLED, ENTRY, EXIT)
    assert (await publish(client)).json()["code"] == "statistics-published"


async def test_who_may_publish_and_when(client: httpx.AsyncClient) -> None:
    assert (await publish(client, agency="forbund")).json()["code"] == "not-permitted"
    assert (await publish(client, published_on="2026-06-30")).json()["code"] == "half-year-not-over"


async def test_a_participants_gain_is_told_to_its_own_agencies(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    topic = runtime.service.owns
    assert topic is not None
    await runtime.happened(topic, CASE, *READY, ENROLLED, ENTRY, EXIT)
    (gain,) = (await client.get(f"/cases/{CASE}/savings")).json()
    assert (gain["after"], gain["total"], gain["by_payer"]) == ("exit", "95265.00", {"state": "95265.00"})
    assert (await client.get(f"/cases/{INSATS}/savings")).status_code == 404
