from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from samverkan.placement.agreement.agreement import decide
from samverkan.placement.agreement.examples import (
    APRIL_20,
    CASE,
    FEBRUARY_20,
    MAY_1,
    OTHER_CASE,
    READY,
    RECEIPT,
    STARTED,
    given,
)
from samverkan.placement.agreement.report import AbsenceReport, EndReport, HoursReport, Report, ReportChange
from samverkan.schemas.placement import (
    Outcome,
    PlacementApproved,
    PlacementChangeProposed,
    PlacementChangeReported,
    PlacementEnded,
    PlacementInterrupted,
    ReportKind,
)

RUNNING = (*READY, STARTED)
TODAY = date(2026, 5, 4)  # the fifteenth day after 20 April


def test_a_reported_end_is_an_end() -> None:
    command = ReportChange(RECEIPT, TODAY, EndReport(APRIL_20, Outcome.STUDY))
    reported = PlacementChangeReported(
        case_id=CASE,
        receipt_id=RECEIPT,
        kind=ReportKind.END,
        applies_from=APRIL_20,
        reported_on=TODAY,
        outcome=Outcome.STUDY,
    )
    ended = PlacementEnded(case_id=CASE, last_day_on=APRIL_20, outcome=Outcome.STUDY)
    given(*RUNNING).when(command).then(reported, ended)
    given(*RUNNING, reported, ended).when(command).then_nothing()
    given(*RUNNING, reported, ended).when(
        ReportChange(OTHER_CASE, TODAY, EndReport(MAY_1, Outcome.STUDY))
    ).then_refused("already-ended")


def test_reported_hours_are_a_change_that_the_employer_has_approved() -> None:
    events = decide(ReportChange(RECEIPT, TODAY, HoursReport(MAY_1, Decimal("0.5"))), given(*RUNNING).state)
    assert [type(event) for event in events] == [
        PlacementChangeReported,
        PlacementChangeProposed,
        PlacementApproved,
    ]
    approved = events[2]
    assert isinstance(approved, PlacementApproved)
    assert (approved.party, approved.revision) == ("employer", 2)


def test_a_long_absence_is_an_interruption_and_its_cause_stays_in_the_health_compartment() -> None:
    events = decide(ReportChange(RECEIPT, TODAY, AbsenceReport(APRIL_20)), given(*RUNNING).state)
    assert [type(event) for event in events] == [PlacementChangeReported, PlacementInterrupted]
    for event in events:
        assert "sickness" not in event.model_copy(update={"health": None}).model_dump_json()


def test_fourteen_days_of_absence_are_the_employers_own() -> None:
    early = ReportChange(RECEIPT, date(2026, 5, 3), AbsenceReport(APRIL_20))
    given(*RUNNING).when(early).then_refused("absence-too-short")
    for report in (AbsenceReport(APRIL_20, expected_until=TODAY), AbsenceReport(date(2026, 4, 19))):
        assert decide(replace(early, report=report), given(*RUNNING).state)


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (EndReport(FEBRUARY_20), "ends-before-start"),
        (HoursReport(MAY_1, Decimal(1)), "nothing-changes"),
        (AbsenceReport(FEBRUARY_20), "interruption-outside-period"),
    ],
)
def test_what_cannot_be_cannot_be_reported(report: Report, code: str) -> None:
    given(*RUNNING).when(ReportChange(RECEIPT, TODAY, report)).then_refused(code)
