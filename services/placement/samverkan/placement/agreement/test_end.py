from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from samverkan.backbone.errors import Refused
from samverkan.placement.agreement.agreement import decide, refusal
from samverkan.placement.agreement.decision import RecordDecision
from samverkan.placement.agreement.end import CorrectEnd, EndPlacement, IssueCertificate
from samverkan.placement.agreement.examples import (
    CASE,
    COMPENSATION,
    ENDED,
    FEBRUARY_20,
    FEBRUARY_28,
    MARCH_2,
    MARCH_5,
    PRAKTIK_STARTED,
    READY,
    STARTED,
    given,
)
from samverkan.placement.agreement.state import evolve
from samverkan.schemas.placement import (
    Certificate,
    CertificateIssued,
    Outcome,
    PlacementEndCorrected,
    PlacementEnded,
    PlacementReactionRefused,
)


def test_the_end_is_recorded_once() -> None:
    command = EndPlacement(date(2026, 3, 16), Outcome.JOB)
    ended = PlacementEnded(case_id=CASE, last_day_on=date(2026, 3, 16), outcome=Outcome.JOB)
    given(*READY, STARTED).when(command).then(ended)
    given(*READY, STARTED, ended).when(command).then_nothing()
    given(*READY, STARTED, ended).when(replace(command, outcome=Outcome.STUDY)).then_refused("already-ended")


@pytest.mark.parametrize(
    ("history", "last_day_on", "code"),
    [
        (READY, MARCH_5, "not-started"),
        ((*READY, STARTED), date(2026, 3, 1), "ends-before-start"),
        ((*READY, STARTED), date(2027, 3, 1), "ends-after-period"),
    ],
)
def test_an_end_that_cannot_be_is_refused(history: tuple[object, ...], last_day_on: date, code: str) -> None:
    given(*history).when(EndPlacement(last_day_on, Outcome.OTHER)).then_refused(code)


def test_the_first_and_the_last_agreed_day_may_be_the_last_day() -> None:
    for last_day_on in (MARCH_2, FEBRUARY_28):
        given(*READY, STARTED).when(EndPlacement(last_day_on, Outcome.OTHER)).then(
            PlacementEnded(case_id=CASE, last_day_on=last_day_on, outcome=Outcome.OTHER)
        )


CORRECTED = PlacementEndCorrected(
    case_id=CASE,
    last_day_on=date(2026, 3, 31),
    outcome=Outcome.STUDY,
    was_last_day_on=date(2026, 3, 16),
    was_outcome=Outcome.JOB,
    corrected_on=date(2026, 4, 7),
)
CORRECT = CorrectEnd(date(2026, 3, 31), Outcome.STUDY, date(2026, 4, 7))


def test_a_wrong_end_is_corrected_once() -> None:
    given(*READY, STARTED, ENDED).when(CORRECT).then(CORRECTED)
    given(*READY, STARTED, ENDED, CORRECTED).when(CORRECT).then_nothing()
    given(*READY, STARTED, ENDED, CORRECTED).when(EndPlacement(date(2026, 3, 31), Outcome.STUDY)).then_nothing()
    given(*READY, STARTED, ENDED, CORRECTED).when(EndPlacement(date(2026, 3, 16), Outcome.JOB)).then_refused(
        "already-ended"
    )


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        ((*READY, STARTED), CORRECT, "not-ended"),
        ((*READY, STARTED, ENDED), replace(CORRECT, last_day_on=date(2026, 3, 1)), "ends-before-start"),
        ((*READY, STARTED, ENDED), replace(CORRECT, last_day_on=date(2027, 3, 1)), "ends-after-period"),
        ((*READY, STARTED, ENDED), replace(CORRECT, next_starts_on=date(2026, 3, 31)), "next-started"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(history: tuple[object, ...], command: CorrectEnd, code: str) -> None:
    given(*history).when(command).then_refused(code)


def test_a_certificate_of_another_last_day_is_issued_anew() -> None:
    certify = IssueCertificate(date(2026, 4, 8))
    (certificate,) = decide(certify, given(*PRAKTIK_STARTED, ENDED).state)
    given(*PRAKTIK_STARTED, ENDED, certificate, CORRECTED).when(certify).then(
        certificate.model_copy(update={"last_day_on": date(2026, 3, 31)})
    )
    same_day = CORRECTED.model_copy(update={"last_day_on": date(2026, 3, 16)})
    given(*PRAKTIK_STARTED, ENDED, certificate, same_day).when(certify).then_nothing()


def test_a_refused_reaction_is_recorded_and_changes_nothing() -> None:
    event = refusal(RecordDecision(COMPENSATION, True, FEBRUARY_20), Refused("placement-unknown"))
    assert event == PlacementReactionRefused(command="RecordDecision", code="placement-unknown")
    assert evolve(given(*READY).state, event) == given(*READY).state


def test_the_supervisor_certifies_a_praktik_once_after_its_end() -> None:
    command = IssueCertificate(date(2026, 3, 17), "Arbetade självständigt")
    issued = CertificateIssued(
        case_id=CASE,
        issued_on=date(2026, 3, 17),
        started_on=MARCH_2,
        last_day_on=date(2026, 3, 16),
        extent=Decimal(1),
        employment=Certificate(
            employer_name="Timrå kommun",
            workplace="Ledsagarservice",
            supervisor="Handledare",
            tasks=("ledsaga",),
            assessment="Arbetade självständigt",
        ),
    )
    given(*PRAKTIK_STARTED, ENDED).when(command).then(issued)
    given(*PRAKTIK_STARTED, ENDED, issued).when(command).then_nothing()
    given(*PRAKTIK_STARTED, ENDED, issued).when(replace(command, assessment=None)).then_refused("already-certified")


@pytest.mark.parametrize(
    ("history", "issued_on", "code"),
    [
        ((*READY, STARTED, ENDED), date(2026, 3, 17), "certificate-not-given"),
        (PRAKTIK_STARTED, date(2026, 3, 17), "not-ended"),
        ((*PRAKTIK_STARTED, ENDED), date(2026, 3, 15), "certified-before-end"),
    ],
)
def test_a_certificate_that_cannot_be_is_refused(history: tuple[object, ...], issued_on: date, code: str) -> None:
    given(*history).when(IssueCertificate(issued_on)).then_refused(code)
