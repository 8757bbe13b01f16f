"""The rows of measurements, plans and presence: as the database gives them back, and without the keys."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.testing.permute import fold
from samverkan.backbone.testing.record import stream
from samverkan.backbone.testing.stored_rows import assert_stored_as_folded
from samverkan.backbone.view import View
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.intake.case.examples import ASSESSED, ENROLLED
from samverkan.intake.measurement_view import Measurements, NextMeasurements
from samverkan.intake.plan import examples as plan
from samverkan.intake.plan.plan import PLAN, plan_id
from samverkan.intake.plan_view import PlanActivities, Plans
from samverkan.intake.presence import examples as presence
from samverkan.intake.presence.presence import decide
from samverkan.intake.presence.reporting import ReportDeviation
from samverkan.intake.presence_view import NotedPlacements, Presences, reported_days
from samverkan.intake.support_machines import MEASUREMENT_MACHINE, PLAN_MACHINE, PRESENCE_MACHINE
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.codec import without
from samverkan.schemas.event import COMPARTMENTS, Event
from samverkan.schemas.participant import PlacementNoted

CASE, MEASURED, CANCELLED, ATTENDED = (UUID(int=number) for number in range(1, 5))
VIEWS: Sequence[View[Any]] = (
    *(Measurements(), NextMeasurements(), Plans(), PlanActivities()),
    *(Presences(), NotedPlacements()),
)
_ENDED = presence.after(presence.OPEN, presence.END)[1:]
OF_THE_CASE = (
    ASSESSED,
    ENROLLED,
    PlacementNoted(placement_id=presence.PLACEMENT, state="started", noted_on=presence.MONDAY),
    PlacementNoted(placement_id=presence.PLACEMENT, state="ended", noted_on=presence.FRIDAY),
)


def everything(*, readable: bool = True) -> list[Recorded]:
    """Each machine's longest histories, and the case's own events."""
    told: list[Recorded] = stream(PARTICIPANT, CASE, *map(_of(readable), OF_THE_CASE))
    for stream_id, events in (
        (MEASURED, MEASUREMENT_MACHINE.states["complete"]),
        (CANCELLED, MEASUREMENT_MACHINE.states["cancelled"]),
        (plan_id(CASE), PLAN_MACHINE.states["closed"]),
        (
            ATTENDED,
            (*PRESENCE_MACHINE.states["open, the week corrected"], *presence.after(presence.OPEN, presence.END)[1:]),
        ),
    ):
        told += stream(PARTICIPANT, stream_id, *map(_of(readable), events), case_id=CASE)
    return told


def _of(readable: bool):  # type: ignore[no-untyped-def]  # noqa: ANN202
    def event(one: Event) -> Event:
        return one if readable else without(one, COMPARTMENTS)

    return event


async def test_the_database_gives_back_what_was_folded(database: str) -> None:
    migrate(database, *folders_of("intake"))
    await assert_stored_as_folded(database, VIEWS, everything())


def test_without_any_key_every_fold_goes_on_and_holds_no_text_and_no_reason() -> None:
    rows = fold(VIEWS, everything(readable=False))
    told = repr(rows)
    for secret in ("sick", "no-reason", "Besöka", "Sova", "'health': 3"):
        assert secret in repr(fold(VIEWS, everything())), secret
        assert secret not in told, secret
    assert rows["plan"][plan_id(CASE)].state == "closed"
    assert rows["presence"][ATTENDED].state == "ended"


def test_a_plan_keeps_every_revision_with_its_signatures() -> None:
    told = stream(PARTICIPANT, plan_id(CASE), *PLAN_MACHINE.states["changed, one signature missing"])
    row = fold(VIEWS, told)["plan"][plan_id(CASE)]
    assert (row.state, row.revision, row.agreed_revision) == ("changed", 2, 1)
    assert [len(one["signatures"]) for one in row.revisions] == [3, 2]
    assert row.revisions[0]["goals"]["work"] == ["Ett arbete att växa i"]


def test_a_plan_written_anew_after_its_end_begins_as_a_draft() -> None:
    events = list(PLAN_MACHINE.states["closed"])
    events += PLAN.decide(plan.WRITE, PLAN.fold(events))
    row = fold(VIEWS, stream(PARTICIPANT, plan_id(CASE), *events))["plan"][plan_id(CASE)]
    assert (row.state, row.revision, row.agreed_revision, row.closed_on) == ("draft", 2, None, None)


def test_what_was_said_before_of_a_day_is_kept_as_withdrawn() -> None:
    half = presence.after(presence.OPEN, presence.DEVIATION)
    half += decide(
        ReportDeviation(presence.WEDNESDAY, presence.HALF, "sick", presence.FRIDAY, consented=True),
        presence.folded(presence.OPEN, presence.DEVIATION),
    )
    row = fold(VIEWS, stream(PARTICIPANT, ATTENDED, *half))["presence"][ATTENDED]
    assert [one["withdrawn_on"] for one in row.deviations] == ["2026-03-06", None]
    assert {day.isoformat(): said.absent for day, said in reported_days(row).items()} == {"2026-03-04": presence.HALF}


def test_after_the_exit_measurement_none_is_due() -> None:
    exit_measured = ASSESSED.model_copy(update={"occasion": "exit"})
    due = fold(VIEWS, stream(PARTICIPANT, CASE, ASSESSED, ENROLLED))["next_measurement"][CASE]
    assert due.due_on is not None and due.due_on.isoformat() == "2026-05-03"
    assert fold(VIEWS, stream(PARTICIPANT, CASE, ASSESSED))["next_measurement"][CASE].due_on is None
    told = stream(PARTICIPANT, CASE, ASSESSED, ENROLLED, exit_measured)
    assert fold(VIEWS, told)["next_measurement"][CASE].due_on is None
