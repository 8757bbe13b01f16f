from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from samverkan.placement.agreement.agreement import decide
from samverkan.placement.agreement.approval import ApprovePlacement
from samverkan.placement.agreement.change import DropChange, ProposeChange
from samverkan.placement.agreement.decision import RecordDecision
from samverkan.placement.agreement.end import EndPlacement
from samverkan.placement.agreement.examples import (
    APPROVED,
    APRIL_20,
    CASE,
    COMPENSATION,
    CONSULTED,
    ENDED,
    FEBRUARY_28,
    LONGER,
    MAY_1,
    PRAKTIK_AGREED,
    PRAKTIK_PROPOSED,
    PRAKTIK_STARTED,
    PROPOSED,
    READY,
    SEPTEMBER_1,
    STARTED,
    TERMS,
    WORKPLACE,
    given,
)
from samverkan.placement.agreement.state import evolve
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import (
    ChangeKind,
    DecisionRecorded,
    Outcome,
    PlacementApproved,
    PlacementChanged,
    PlacementChangeDropped,
    PlacementChangeProposed,
    PlacementEnded,
    PlacementExtended,
    PlacementExtensionAgreed,
)

FEWER = ProposeChange(MAY_1, extent=Decimal("0.50"), gross_per_month=Decimal("12000.00"))
HALF_PAY = TERMS.model_copy(update={"gross_per_month": Decimal("12000.00")})
FEWER_PROPOSED = PlacementChangeProposed(
    case_id=CASE,
    revision=2,
    kinds=(ChangeKind.HOURS, ChangeKind.PAY),
    applies_from=MAY_1,
    ends_on=FEBRUARY_28,
    extent=Decimal("0.50"),
    employment=WORKPLACE,
    economy=HALF_PAY,
)
LONGER_PROPOSED = PlacementChangeProposed(
    case_id=CASE,
    revision=2,
    kinds=(ChangeKind.EXTENDED,),
    applies_from=date(2027, 3, 1),
    ends_on=LONGER,
    extent=Decimal(1),
    employment=WORKPLACE,
    economy=TERMS,
)
RUNNING = (*READY, STARTED)


def approvals(revision: int) -> list[PlacementApproved]:
    return [PlacementApproved(party=one.party, approved_on=APRIL_20, revision=revision) for one in APPROVED]


def test_fewer_hours_apply_once_everyone_has_approved_them() -> None:
    given(*RUNNING).when(FEWER).then(FEWER_PROPOSED)
    given(*RUNNING, FEWER_PROPOSED).when(FEWER).then_nothing()
    waiting = given(*RUNNING, FEWER_PROPOSED, *approvals(2)[:2])
    assert waiting.state.applies is not None and waiting.state.applies.extent == 1
    changed = PlacementChanged(
        case_id=CASE,
        revision=2,
        kinds=(ChangeKind.HOURS, ChangeKind.PAY),
        applies_from=MAY_1,
        ends_on=FEBRUARY_28,
        extent=Decimal("0.50"),
        agreed_on=APRIL_20,
        employment=WORKPLACE,
        economy=HALF_PAY,
    )
    last = ApprovePlacement("participant", APRIL_20, revision=2)
    waiting.when(last).then(approvals(2)[2], changed)
    after = given(*RUNNING, FEWER_PROPOSED, *approvals(2), changed)
    assert after.state.applies is not None and after.state.applies.extent == Decimal("0.50")
    after.when(last).then_nothing()


def test_another_proposal_takes_the_place_of_one_that_waits_and_asks_everyone_again() -> None:
    (other,) = decide(ProposeChange(MAY_1, supervisor="Ny"), given(*RUNNING, FEWER_PROPOSED, *approvals(2)[:2]).state)
    assert isinstance(other, PlacementChangeProposed)
    assert (other.revision, other.kinds, other.extent) == (3, (ChangeKind.SUPERVISOR,), Decimal(1))
    read_before = ApprovePlacement("participant", APRIL_20, revision=2)
    given(*RUNNING, FEWER_PROPOSED, *approvals(2)[:2], other).when(read_before).then_refused("revision-changed")


def test_a_change_that_nobody_wants_is_dropped_and_what_applied_goes_on() -> None:
    dropped = PlacementChangeDropped(case_id=CASE, revision=2, dropped_on=APRIL_20)
    given(*RUNNING, FEWER_PROPOSED).when(DropChange(APRIL_20)).then(dropped)
    after = given(*RUNNING, FEWER_PROPOSED, dropped)
    after.when(DropChange(APRIL_20)).then_nothing()
    after.when(ApprovePlacement("af", APRIL_20)).then_refused("nothing-to-approve")
    assert after.state.applies == given(*RUNNING).state.applies


def test_a_shorter_time_is_an_end_that_everyone_has_agreed_to() -> None:
    (shorter,) = decide(ProposeChange(MAY_1, ends_on=SEPTEMBER_1), given(*RUNNING).state)
    assert isinstance(shorter, PlacementChangeProposed) and shorter.kinds == (ChangeKind.SHORTENED,)
    events = decide(ApprovePlacement("participant", APRIL_20), given(*RUNNING, shorter, *approvals(2)[:2]).state)
    given(*RUNNING, shorter, *approvals(2)[:2], *events).when(EndPlacement(date(2026, 9, 2), Outcome.JOB)).then_refused(
        "ends-after-period"
    )


def test_a_longer_time_waits_for_a_new_decision() -> None:
    given(*RUNNING).when(ProposeChange(MAY_1, ends_on=LONGER)).then(LONGER_PROPOSED)
    agreed = PlacementExtensionAgreed(
        case_id=CASE,
        revision=2,
        form=Programme.INTRODUKTIONSJOBB,
        applies_from=date(2027, 3, 1),
        ends_on=LONGER,
        extent=Decimal(1),
        agreed_on=APRIL_20,
        economy=TERMS,
    )
    last = ApprovePlacement("participant", APRIL_20)
    given(*RUNNING, LONGER_PROPOSED, *approvals(2)[:2]).when(last).then(approvals(2)[2], agreed)
    waiting = given(*RUNNING, LONGER_PROPOSED, *approvals(2), agreed)
    waiting.when(last).then_nothing()
    waiting.when(EndPlacement(LONGER, Outcome.JOB)).then_refused("ends-after-period")
    decision = DecisionRecorded(compensation_id=COMPENSATION, granted=True, decided_on=MAY_1, ends_on=LONGER)
    extended = PlacementExtended(
        case_id=CASE,
        revision=2,
        applies_from=date(2027, 3, 1),
        ends_on=LONGER,
        extent=Decimal(1),
        economy=TERMS,
    )
    waiting.when(RecordDecision(COMPENSATION, True, MAY_1, LONGER)).then(decision, extended)
    given(*RUNNING, LONGER_PROPOSED, *approvals(2), agreed, decision, extended).when(
        EndPlacement(LONGER, Outcome.JOB)
    ).then(PlacementEnded(case_id=CASE, last_day_on=LONGER, outcome=Outcome.JOB))


@pytest.mark.parametrize("ends_on", [None, date(2027, 8, 30)])
def test_a_decision_that_covers_less_extends_nothing(ends_on: date | None) -> None:
    agreed = decide(
        ApprovePlacement("participant", APRIL_20), given(*RUNNING, LONGER_PROPOSED, *approvals(2)[:2]).state
    )
    waiting = given(*RUNNING, LONGER_PROPOSED, *approvals(2)[:2], *agreed)
    waiting.when(RecordDecision(COMPENSATION, True, MAY_1, ends_on)).then(
        DecisionRecorded(compensation_id=COMPENSATION, granted=True, decided_on=MAY_1, ends_on=ends_on)
    )


def test_a_praktik_is_extended_without_a_decision_up_to_its_longest_time() -> None:
    shorter = PRAKTIK_PROPOSED.model_copy(update={"ends_on": MAY_1})
    running = given(shorter, CONSULTED, *APPROVED, PRAKTIK_AGREED.model_copy(update={"ends_on": MAY_1}), STARTED)
    running.when(ProposeChange(MAY_1, ends_on=date(2026, 9, 2))).then_refused("longest-time-passed")
    (longer,) = decide(ProposeChange(MAY_1, ends_on=SEPTEMBER_1), running.state)
    state = running.state
    for event in (longer, *approvals(2)[:2]):
        state = evolve(state, event)
    last = decide(ApprovePlacement("participant", APRIL_20), state)
    assert [type(event) for event in last] == [PlacementApproved, PlacementExtended]


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        (READY, FEWER, "not-started"),
        ((*RUNNING, ENDED), FEWER, "already-ended"),
        (RUNNING, ProposeChange(date(2026, 3, 1), supervisor="Ny"), "change-outside-period"),
        (RUNNING, ProposeChange(date(2027, 3, 1), supervisor="Ny"), "change-outside-period"),
        (RUNNING, ProposeChange(MAY_1, ends_on=date(2026, 4, 29)), "change-outside-period"),
        (RUNNING, ProposeChange(MAY_1, extent=Decimal(0)), "extent-outside-range"),
        (RUNNING, ProposeChange(MAY_1), "nothing-changes"),
        (RUNNING, ProposeChange(MAY_1, extent=Decimal("1.00"), supervisor="Handledare"), "nothing-changes"),
        (RUNNING, replace(FEWER, ends_on=LONGER), "extension-alone"),
        (PRAKTIK_STARTED, ProposeChange(MAY_1, gross_per_month=Decimal(1)), "terms-without-wage"),
        (
            (PROPOSED.model_copy(update={"employment": None}), *RUNNING[1:]),
            ProposeChange(MAY_1, supervisor="Ny"),
            "workplace-withheld",
        ),
        (READY, DropChange(MAY_1), "not-started"),
        ((*RUNNING, ENDED), DropChange(MAY_1), "already-ended"),
    ],
)
def test_a_change_that_cannot_be_is_refused(history: tuple[object, ...], command: object, code: str) -> None:
    given(*history).when(command).then_refused(code)


def test_a_change_reaches_back_no_further_than_the_change_before_it() -> None:
    (first,) = decide(ProposeChange(MAY_1, supervisor="Ny"), given(*RUNNING).state)
    done = decide(ApprovePlacement("participant", APRIL_20), given(*RUNNING, first, *approvals(2)[:2]).state)
    changed = given(*RUNNING, first, *approvals(2)[:2], *done)
    changed.when(ProposeChange(APRIL_20, supervisor="En till")).then_refused("change-outside-period")


def test_a_protected_participants_change_has_no_workplace() -> None:
    (proposed,) = decide(replace(FEWER, withheld=True), given(*RUNNING).state)
    assert isinstance(proposed, PlacementChangeProposed) and proposed.employment is None
    marked_later = ApprovePlacement("participant", APRIL_20, withheld=True)
    _, changed = decide(marked_later, given(*RUNNING, FEWER_PROPOSED, *approvals(2)[:2]).state)
    assert isinstance(changed, PlacementChanged) and changed.employment is None
