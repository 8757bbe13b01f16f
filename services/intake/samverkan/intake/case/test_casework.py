"""Registration, named contact, stand-in, jäv and transfer."""

from dataclasses import replace
from datetime import date

import pytest

from samverkan.intake.case.by import By
from samverkan.intake.case.casework import (
    AppointStandIn,
    AssignCaseworker,
    DeclareConflict,
    Jav,
    LiftConflict,
    RegisterCase,
    TransferCase,
)
from samverkan.intake.case.course import PauseCase, PauseCause
from samverkan.intake.case.examples import (
    ENROL,
    ENROLLED,
    FEBRUARY_3,
    FEBRUARY_10,
    READY,
    REFERRED,
    TIMRA,
    consent,
    given,
)
from samverkan.intake.case.person import LiftProtection
from samverkan.schemas.casework import (
    CaseRegistered,
    CaseTransferred,
    CaseworkerAssigned,
    ConflictDeclared,
    ConflictGround,
    ConflictLifted,
    StandInAppointed,
)
from samverkan.schemas.participant import Programme, ReferralRepeated
from samverkan.schemas.person import ProtectionMarked

ONE, TWO = "kommun-handlaggare-1", "kommun-handlaggare-2"
REGISTERED = CaseRegistered(agency="kommun", registration="AME 2026/17", registered_on=FEBRUARY_3)
ASSIGNED = CaseworkerAssigned(agency="kommun", caseworker=ONE, assigned_on=FEBRUARY_3)
STAND_IN = AppointStandIn("kommun", TWO, date(2026, 7, 6), date(2026, 8, 2))
APPOINTED = StandInAppointed(agency="kommun", caseworker=TWO, from_on=date(2026, 7, 6), until_on=date(2026, 8, 2))
DECLARE = DeclareConflict("kommun", TWO, FEBRUARY_10, Jav.OWN_MATTER)
DECLARED = ConflictDeclared(
    agency="kommun", caseworker=TWO, declared_on=FEBRUARY_10, identity=ConflictGround(ground="own-matter")
)
LIFT = LiftConflict("kommun", TWO, date(2026, 3, 2), by=By("kommun", ONE))
LIFTED = ConflictLifted(agency="kommun", caseworker=TWO, lifted_on=date(2026, 3, 2))
TRANSFER = TransferCase("kommun-sundsvall", date(2026, 3, 2), by=By("kommun", ONE))
REPEATED = ReferralRepeated(
    programme=Programme.INTRODUKTIONSJOBB,
    referred_by="kommun-sundsvall",
    agencies_needed=("kommun-sundsvall",),
    received_on=FEBRUARY_10,
)
TRANSFERRED = CaseTransferred(from_agency="kommun", to_agency="kommun-sundsvall", transferred_on=date(2026, 3, 2))


def test_each_agency_registers_the_case_under_a_number_of_its_own() -> None:
    command = RegisterCase("kommun", "AME 2026/17", FEBRUARY_3)
    given(REFERRED).when(command).then(REGISTERED)
    given(REFERRED, REGISTERED).when(command).then_nothing()
    given(REFERRED, REGISTERED).when(replace(command, registration="AME 2026/18")).then_refused("registered-already")
    assert (
        given(REFERRED, REGISTERED)
        .when(replace(command, agency="af"))
        .decide(replace(command, agency="af"), given(REFERRED, REGISTERED).state)
    )


def test_a_contact_is_named_and_changed() -> None:
    command = AssignCaseworker("kommun", ONE, FEBRUARY_3)
    given(REFERRED).when(command).then(ASSIGNED)
    given(REFERRED, ASSIGNED).when(command).then_nothing()
    changed = AssignCaseworker("kommun", TWO, FEBRUARY_10)
    given(REFERRED, ASSIGNED).when(changed).then(
        CaseworkerAssigned(agency="kommun", caseworker=TWO, assigned_on=FEBRUARY_10)
    )
    too_early = AssignCaseworker("kommun", TWO, date(2026, 2, 2))
    given(REFERRED, ASSIGNED).when(too_early).then_refused("assigned-before-earlier")


def test_a_stand_in_takes_the_place_of_a_contact() -> None:
    given(REFERRED, ASSIGNED).when(STAND_IN).then(APPOINTED)
    given(REFERRED, ASSIGNED, APPOINTED).when(STAND_IN).then_nothing()
    given(REFERRED).when(STAND_IN).then_refused("caseworker-missing")
    given(REFERRED, ASSIGNED).when(replace(STAND_IN, caseworker=ONE)).then_refused("stand-in-is-contact")
    given(REFERRED, ASSIGNED).when(replace(STAND_IN, until_on=date(2026, 7, 5))).then_refused("stand-in-period")


def test_who_is_in_conflict_is_refused_every_command_by_their_id() -> None:
    pause = PauseCase(date(2026, 3, 2), PauseCause.OTHER, by=By("kommun", TWO))
    history = given(*READY, ENROLLED, DECLARED)
    history.when(pause).then_refused("conflict-of-interest")
    assert history.when(replace(pause, by=By("kommun", ONE))).decide(
        replace(pause, by=By("kommun", ONE)), history.state
    )
    assert history.when(replace(pause, by=By("af", TWO))).decide(replace(pause, by=By("af", TWO)), history.state)


def test_an_agency_with_a_conflict_must_say_who_acts() -> None:
    nobody = PauseCase(date(2026, 3, 2), PauseCause.OTHER, by=By("kommun"))
    given(*READY, ENROLLED, DECLARED).when(nobody).then_refused("actor-missing")
    assert given(*READY, ENROLLED).when(nobody).decide(nobody, given(*READY, ENROLLED).state)


def test_a_conflict_is_declared_once_by_oneself_or_a_colleague() -> None:
    given(REFERRED).when(DECLARE).then(DECLARED)
    given(REFERRED, DECLARED).when(DECLARE).then_nothing()
    given(REFERRED).when(replace(DECLARE, by=By("kommun", TWO))).then(DECLARED)


def test_who_is_in_conflict_is_contact_and_stand_in_no_more() -> None:
    assigned = CaseworkerAssigned(agency="kommun", caseworker=TWO, assigned_on=FEBRUARY_3)
    assert given(REFERRED, assigned, DECLARED).state.caseworkers == {}
    assert given(REFERRED, ASSIGNED, APPOINTED, DECLARED).state.stand_ins == frozenset()
    given(REFERRED, DECLARED).when(AssignCaseworker("kommun", TWO, FEBRUARY_10)).then_refused("caseworker-in-conflict")
    given(REFERRED, ASSIGNED, DECLARED).when(STAND_IN).then_refused("caseworker-in-conflict")


def test_a_conflict_is_lifted_by_somebody_else() -> None:
    given(REFERRED, DECLARED).when(LIFT).then(LIFTED)
    given(REFERRED, DECLARED, LIFTED).when(LIFT).then_nothing()
    given(REFERRED).when(LIFT).then_refused("conflict-unknown")
    given(REFERRED, DECLARED).when(replace(LIFT, by=By("kommun", TWO))).then_refused("conflict-of-interest")


def test_a_municipality_hands_its_case_over() -> None:
    given(*READY).when(TRANSFER).then(TRANSFERRED)
    given(*READY, TRANSFERRED).when(TRANSFER).then_nothing()
    left = given(*READY, ASSIGNED, APPOINTED, TRANSFERRED).state
    assert (left.municipality, left.caseworkers, left.stand_ins) == ("kommun-sundsvall", {}, frozenset())


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(TRANSFER, to_agency="af"), "not-a-municipality"),
        (replace(TRANSFER, to_agency="kommun-ingen"), "not-a-municipality"),
        (replace(TRANSFER, to_agency="kommun"), "transfer-to-itself"),
        (replace(TRANSFER, by=By("kommun-sundsvall", "x-1")), "not-in-charge"),
    ],
)
def test_a_transfer_that_is_none_is_refused(command: TransferCase, code: str) -> None:
    given(*READY).when(command).then_refused(code)


def test_what_was_agreed_for_the_first_municipality_does_not_pass_on() -> None:
    """The new municipality stands for the old one at the enrolment, and needs a consent of its own."""
    given(*READY, TRANSFERRED).when(ENROL).then_refused("consent-missing")
    sundsvall = given(*READY, TRANSFERRED, consent("kommun-sundsvall"))
    assert sundsvall.when(ENROL).decide(ENROL, sundsvall.state)


def test_an_authority_of_another_municipality_is_refused_until_its_support_is_asked_for() -> None:
    outsider = PauseCase(date(2026, 3, 2), PauseCause.OTHER, by=By("kommun-sundsvall", "x-1"))
    active = given(*READY, ENROLLED)
    active.when(outsider).then_refused("another-municipality")
    for insider in ("kommun", "socialtjanst", "af"):
        command = replace(outsider, by=By(insider, "x-1"))
        assert active.when(command).decide(command, active.state)
    asked = given(*READY, ENROLLED, REPEATED)
    assert asked.when(outsider).decide(outsider, asked.state)


def test_after_a_transfer_the_municipality_that_was_left_is_an_outsider() -> None:
    contact = AssignCaseworker("kommun", ONE, date(2026, 3, 3), by=By("kommun", ONE))
    given(*READY, TRANSFERRED).when(contact).then_refused("another-municipality")
    new = AssignCaseworker("kommun-sundsvall", "x-1", date(2026, 3, 3), by=By("kommun-sundsvall", "x-1"))
    taken = given(*READY, TRANSFERRED)
    assert taken.when(new).decide(new, taken.state)


def test_any_municipality_may_refer_and_a_mark_stays_its_keepers() -> None:
    refer = replace(TIMRA, referred_by="kommun-sundsvall", by=By("kommun-sundsvall", "x-1"))
    assert given(*READY).when(refer).decide(refer, given(*READY).state)
    marked = ProtectionMarked(keeper="kommun", marked_on=FEBRUARY_3)
    lift = LiftProtection(date(2026, 3, 3), by=By("kommun", ONE))
    kept = given(*READY, marked, TRANSFERRED)
    assert kept.when(lift).decide(lift, kept.state)
