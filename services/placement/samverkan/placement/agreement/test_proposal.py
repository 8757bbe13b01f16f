from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from samverkan.placement.agreement.agreement import decide
from samverkan.placement.agreement.approval import ApprovePlacement
from samverkan.placement.agreement.change import DropChange, ProposeChange
from samverkan.placement.agreement.consultation import AskUnion, RecordUnionOpinion
from samverkan.placement.agreement.decision import RecordDecision
from samverkan.placement.agreement.end import EndPlacement, IssueCertificate
from samverkan.placement.agreement.examples import (
    CANCEL,
    CANCELLED,
    COMPENSATION,
    EARLIER,
    ENDED,
    FEBRUARY_10,
    FEBRUARY_20,
    FEBRUARY_28,
    MARCH_2,
    MARCH_5,
    OTHER_CASE,
    PRAKTIK,
    PRAKTIK_PROPOSED,
    PROPOSE,
    PROPOSED,
    READY,
    RECEIPT,
    SEPTEMBER_1,
    STARTED,
    TERMS,
    WORKPLACE,
    given,
)
from samverkan.placement.agreement.interruption import InterruptPlacement, ResumePlacement
from samverkan.placement.agreement.proposal import CancelPlacement, ProposePlacement, RevisePlacement
from samverkan.placement.agreement.report import EndReport, ReportChange
from samverkan.placement.agreement.start import StartPlacement
from samverkan.placement.agreement.state import Agreement
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import (
    AbsenceCause,
    LongerGround,
    Outcome,
    PlacementApproved,
    PlacementProposed,
    UnionOpinion,
)


def test_a_proposal_is_published_with_its_parties_in_order() -> None:
    given().when(PROPOSE).then(PROPOSED)


def test_the_employers_number_is_published_without_hyphen() -> None:
    hyphened = WORKPLACE.model_copy(update={"employer_number": "212000-2395"})
    given().when(replace(PROPOSE, workplace=hyphened)).then(PROPOSED)


def test_the_same_proposal_twice_is_one() -> None:
    given(PROPOSED).when(PROPOSE).then_nothing()


def test_another_proposal_for_the_same_agreement_is_refused() -> None:
    given(PROPOSED).when(replace(PROPOSE, starts_on=MARCH_5)).then_refused("already-proposed")


def test_a_praktik_has_no_wage() -> None:
    praktik = replace(PROPOSE, form=Programme.ARBETSPRAKTIK, ends_on=SEPTEMBER_1, terms=None)
    given().when(praktik).then(PRAKTIK_PROPOSED)
    given().when(replace(praktik, terms=TERMS)).then_refused("terms-without-wage")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(PROPOSE, form=Programme.ARBETSMARKNADSTORGET), "form-not-a-placement"),
        (replace(PROPOSE, form=Programme.UNKNOWN), "form-not-a-placement"),
        (replace(PROPOSE, ends_on=date(2026, 3, 1)), "ends-before-start"),
        (replace(PROPOSE, extent=Decimal(0)), "extent-outside-range"),
        (replace(PROPOSE, extent=Decimal("1.01")), "extent-outside-range"),
        (replace(PROPOSE, extent=Decimal("NaN")), "extent-outside-range"),
        (replace(PROPOSE, parties=("participant", "employer")), "party-missing"),
        (replace(PROPOSE, parties=("participant", "employer", "af", "skatteverket")), "party-unknown"),
        (replace(PROPOSE, terms=None), "terms-missing"),
        (replace(PRAKTIK, ends_on=date(2026, 9, 2)), "longest-time-passed"),
        (replace(PRAKTIK, longer_ground=LongerGround.REINFORCED), "longer-ground-unknown"),
        (replace(PRAKTIK, workplace=WORKPLACE.model_copy(update={"supervisor": " "})), "supervisor-missing"),
        (replace(PROPOSE, follows=replace(EARLIER, case_id=OTHER_CASE)), "follows-another-case"),
        (replace(PROPOSE, follows=replace(EARLIER, started=False)), "follows-not-started"),
        (
            replace(PROPOSE, workplace=WORKPLACE.model_copy(update={"employer_number": "2120002394"})),
            "organisation-number-checksum",
        ),
        (
            replace(PROPOSE, workplace=WORKPLACE.model_copy(update={"employer_number": "198808112380"})),
            "organisation-number-format",
        ),
    ],
)
def test_a_proposal_that_no_rule_allows_is_refused(command: ProposePlacement, code: str) -> None:
    given().when(command).then_refused(code)


def test_a_placement_of_one_day_may_be_proposed() -> None:
    assert decide(replace(PROPOSE, ends_on=MARCH_2), Agreement())


@pytest.mark.parametrize(
    "command",
    [
        RevisePlacement(extent=Decimal("0.5")),
        CancelPlacement(FEBRUARY_10, "Ingen plats"),
        AskUnion(FEBRUARY_10),
        InterruptPlacement(MARCH_5, AbsenceCause.LEAVE),
        ResumePlacement(MARCH_5),
        ProposeChange(MARCH_5, extent=Decimal("0.5")),
        DropChange(MARCH_5),
        ReportChange(RECEIPT, MARCH_5, EndReport(MARCH_5)),
        IssueCertificate(FEBRUARY_28),
        RecordUnionOpinion(UnionOpinion.YES, FEBRUARY_10),
        ApprovePlacement("af", FEBRUARY_10),
        RecordDecision(COMPENSATION, True, FEBRUARY_20),
        StartPlacement(MARCH_2),
        EndPlacement(FEBRUARY_28, Outcome.JOB),
    ],
)
def test_nothing_happens_to_an_agreement_that_nobody_proposed(command: object) -> None:
    given().when(command).then_refused("placement-unknown")


def test_arbetstraning_lasts_six_months_and_twelve_with_a_ground() -> None:
    training = replace(PRAKTIK, form=Programme.ARBETSTRANING, ends_on=date(2027, 3, 1))
    given().when(training).then_refused("longest-time-passed")
    for ground in (LongerGround.AFTER_450_DAYS, LongerGround.REINFORCED):
        (proposed,) = decide(replace(training, longer_ground=ground), Agreement())
        assert isinstance(proposed, PlacementProposed) and proposed.longer_ground is ground
        over = replace(training, longer_ground=ground, ends_on=date(2027, 3, 2))
        given().when(over).then_refused("longest-time-passed")


def test_a_placement_that_follows_another_has_its_place_in_the_chain() -> None:
    (proposed,) = decide(replace(PROPOSE, follows=EARLIER), Agreement())
    assert isinstance(proposed, PlacementProposed)
    assert (proposed.follows, proposed.step) == (EARLIER.placement_id, 3)


def test_a_protected_participants_workplace_is_never_published() -> None:
    given().when(replace(PROPOSE, withheld=True)).then(PROPOSED.model_copy(update={"employment": None}))
    (revised,) = decide(RevisePlacement(ends_on=MARCH_5, withheld=True), given(PROPOSED).state)
    assert isinstance(revised, PlacementProposed) and revised.employment is None


# Revision


def test_a_revision_asks_everyone_again() -> None:
    revised = PROPOSED.model_copy(
        update={"ends_on": SEPTEMBER_1, "revision": 2, "keeps_consultation": True, "keeps_decision": False}
    )
    given(*READY).when(RevisePlacement(ends_on=SEPTEMBER_1)).then(revised)
    after = given(*READY, revised)
    assert after.state.state == "consulted"
    after.when(StartPlacement(MARCH_2)).then_refused("not-agreed")
    after.when(ApprovePlacement("af", FEBRUARY_20)).then(
        PlacementApproved(party="af", approved_on=FEBRUARY_20, revision=2)
    )


def test_a_revision_that_says_what_is_proposed_already_is_none() -> None:
    given(*READY).when(RevisePlacement(ends_on=FEBRUARY_28, extent=Decimal("1.00"))).then_nothing()


@pytest.mark.parametrize(
    ("change", "keeps_consultation", "keeps_decision"),
    [
        ({"supervisor": "Ny handledare"}, True, True),
        ({"tasks": ("städa",)}, True, True),
        ({"workplace": "Biblioteket"}, False, True),
        ({"employer_number": "2120002643"}, False, False),
    ],
)
def test_what_a_revision_leaves_standing_depends_on_what_it_changes(
    change: dict[str, object], keeps_consultation: bool, keeps_decision: bool
) -> None:
    command = RevisePlacement(workplace=WORKPLACE.model_copy(update=change))
    (revised,) = decide(command, given(*READY).state)
    assert isinstance(revised, PlacementProposed)
    assert (revised.keeps_consultation, revised.keeps_decision) == (keeps_consultation, keeps_decision)
    state = given(*READY, revised).state
    assert (state.consulted is not None, state.decision is not None) == (keeps_consultation, keeps_decision)


def test_other_pay_needs_another_decision() -> None:
    command = RevisePlacement(terms=TERMS.model_copy(update={"gross_per_month": Decimal("25000.00")}))
    (revised,) = decide(command, given(*READY).state)
    assert isinstance(revised, PlacementProposed) and revised.keeps_decision is False


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        (READY, RevisePlacement(ends_on=date(2026, 3, 1)), "ends-before-start"),
        (READY, RevisePlacement(extent=Decimal(2)), "extent-outside-range"),
        ((PRAKTIK_PROPOSED,), RevisePlacement(terms=TERMS), "terms-without-wage"),
        ((PRAKTIK_PROPOSED,), RevisePlacement(ends_on=FEBRUARY_28), "longest-time-passed"),
        ((*READY, STARTED), RevisePlacement(ends_on=SEPTEMBER_1), "already-started"),
        ((*READY, STARTED, ENDED), RevisePlacement(ends_on=SEPTEMBER_1), "already-ended"),
        ((PROPOSED, CANCELLED), RevisePlacement(ends_on=SEPTEMBER_1), "already-cancelled"),
    ],
)
def test_a_revision_that_no_rule_allows_is_refused(
    history: tuple[object, ...], command: RevisePlacement, code: str
) -> None:
    given(*history).when(command).then_refused(code)


# Given up before the start


def test_a_placement_that_will_not_begin_is_cancelled_once() -> None:
    given(PROPOSED).when(CANCEL).then(CANCELLED)
    given(PROPOSED, CANCELLED).when(CANCEL).then_nothing()
    given(PROPOSED, CANCELLED).when(replace(CANCEL, cancelled_on=FEBRUARY_20)).then_refused("already-cancelled")
    given(PROPOSED, CANCELLED).when(ApprovePlacement("af", FEBRUARY_20)).then_refused("already-cancelled")


def test_a_placement_that_has_begun_ends_instead() -> None:
    given(*READY, STARTED).when(CANCEL).then_refused("already-started")
    given(*READY, STARTED, ENDED).when(CANCEL).then_refused("already-ended")
