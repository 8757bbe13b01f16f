"""Who the participant is: another number, another address, protected data (story 8), and no name at all."""

from dataclasses import replace
from datetime import date

import pytest

from samverkan.intake.case.by import By
from samverkan.intake.case.examples import READY, REFERRED, TIMRA, given
from samverkan.intake.case.person import (
    ChangeContact,
    ChangeIdentity,
    CountAnonymously,
    LiftProtection,
    MakeAnonymous,
    MarkProtected,
    Protection,
)
from samverkan.intake.case.state import Case, State
from samverkan.intake.case.test_course import CLOSED
from samverkan.intake.person_number import Sex, parse
from samverkan.schemas.course import AnonymousParticipationCounted
from samverkan.schemas.participant import Contact, Identity, Programme, ReferralRepeated
from samverkan.schemas.person import ContactChanged, IdentityChanged, ProtectionKind, ProtectionLifted, ProtectionMarked

MAY_4 = date(2026, 5, 4)
COORDINATION, PERSONNUMMER = parse("202201612393"), parse("199001012385")
COORDINATED = REFERRED.model_copy(update={"identity": Identity(person_number=COORDINATION.digits, name="Test")})
CHANGE = ChangeIdentity(COORDINATION, PERSONNUMMER, MAY_4)
CHANGED = IdentityChanged(changed_on=MAY_4, identity=Identity(person_number=PERSONNUMMER.digits, name="Test"))
MARK = MarkProtected("kommun", Protection.CONFIDENTIALITY_MARK, MAY_4)
MARKED = ProtectionMarked(keeper="kommun", marked_on=MAY_4, identity=ProtectionKind(kind="confidentiality-mark"))
LIFTED = ProtectionLifted(lifted_on=date(2026, 9, 1))
ANONYMOUS = AnonymousParticipationCounted(programme="introduktionsjobb", registration_year=2026, women=1, men=0)
WITHOUT_A_NAME = MakeAnonymous(Programme.INTRODUKTIONSJOBB)


def test_a_personnummer_takes_the_place_of_a_samordningsnummer() -> None:
    given(COORDINATED).when(CHANGE).then(CHANGED)
    given(COORDINATED, CHANGED).when(CHANGE).then_nothing()
    assert given(COORDINATED, CHANGED).state.born_on == PERSONNUMMER.born_on


def test_a_name_changes_and_the_number_stays() -> None:
    marriage = ChangeIdentity(TIMRA.person, TIMRA.person, MAY_4, name="Nytt Namn")
    given(REFERRED).when(marriage).then(
        IdentityChanged(changed_on=MAY_4, identity=Identity(person_number="198808112380", name="Nytt Namn"))
    )


def test_a_personnummer_is_never_exchanged_for_another_one() -> None:
    given(REFERRED).when(ChangeIdentity(TIMRA.person, PERSONNUMMER, MAY_4)).then_refused("personnummer-stays")


def test_on_another_case_of_the_person_nothing_changes() -> None:
    """The new number leads to the other case, which has it already."""
    other = REFERRED.model_copy(update={"identity": Identity(person_number=PERSONNUMMER.digits, name="Annat")})
    given(other).when(replace(CHANGE, name="Test")).then_nothing()
    given(REFERRED).when(CHANGE).then_refused("identity-is-another")


def test_who_cannot_be_read_cannot_be_changed() -> None:
    given(REFERRED.model_copy(update={"identity": None})).when(CHANGE).then_refused("identity-unreadable")


def test_how_a_person_is_reached_changes() -> None:
    command = ChangeContact(Contact(telephone="060-11 22 33"), MAY_4)
    changed = ContactChanged(changed_on=MAY_4, contact=Contact(telephone="060-11 22 33"))
    given(REFERRED).when(command).then(changed)
    given(REFERRED, changed).when(command).then_nothing()


def test_the_mark_names_the_keeper_in_the_open_and_its_kind_in_the_identity() -> None:
    given(REFERRED).when(MARK).then(MARKED)
    given(REFERRED, MARKED).when(MARK).then_nothing()
    given(REFERRED, MARKED).when(replace(MARK, marked_on=date(2026, 5, 5))).then_refused("protected-already")


def test_fictitious_data_are_never_flagged() -> None:
    given(REFERRED).when(replace(MARK, kind=Protection.FICTITIOUS_DATA)).then_refused("protection-not-flagged")


def test_the_keeper_lifts_the_mark() -> None:
    command = LiftProtection(date(2026, 9, 1), by=By("kommun", "kommun-handlaggare-1"))
    given(REFERRED, MARKED).when(command).then(LIFTED)
    given(REFERRED, MARKED, LIFTED).when(command).then_nothing()
    given(REFERRED).when(command).then_refused("not-protected")
    given(REFERRED, MARKED).when(replace(command, by=By("af", "af-1"))).then_refused("not-the-keeper")
    given(REFERRED, MARKED).when(LiftProtection(date(2026, 5, 3))).then_refused("lifted-before-marked")


def test_after_the_mark_nothing_of_who_and_where_is_published() -> None:
    given(REFERRED, MARKED).when(ChangeContact(Contact(telephone="060-11 22 33"), MAY_4)).then_refused(
        "protected-not-published"
    )
    rename = ChangeIdentity(TIMRA.person, TIMRA.person, MAY_4, name="Nytt Namn")
    given(REFERRED, MARKED).when(rename).then_refused("protected-not-published")
    again = replace(TIMRA, referred_by="af", name="Test Testsson", contact=Contact(telephone="060-11 22 33"))
    (repeated,) = given(REFERRED, MARKED).when(again).decide(again, given(REFERRED, MARKED).state)
    assert isinstance(repeated, ReferralRepeated)
    assert (repeated.identity, repeated.contact) == (None, None)
    given(REFERRED, MARKED, repeated).when(again).then_nothing()
    given(REFERRED, MARKED).when(TIMRA).then_nothing()


def test_who_refuses_to_be_known_is_a_count() -> None:
    command = CountAnonymously(Programme.INTRODUKTIONSJOBB, 2026, Sex.FEMALE)
    given().when(command).then(ANONYMOUS)
    given(ANONYMOUS).when(command).then_nothing()
    given(REFERRED).when(command).then_refused("case-not-anonymous")


def test_a_participant_goes_on_without_a_name() -> None:
    given(*READY).when(WITHOUT_A_NAME).then(ANONYMOUS)
    given(*READY, ANONYMOUS).when(WITHOUT_A_NAME).then_nothing()
    assert given(*READY, ANONYMOUS).state.state is State.ANONYMOUS
    given(*READY).when(MakeAnonymous(Programme.EXTRATJANST)).then_refused("programme-not-referred")
    given(*CLOSED).when(WITHOUT_A_NAME).then_refused("case-closed")
    given(REFERRED.model_copy(update={"identity": None})).when(WITHOUT_A_NAME).then_refused("identity-unreadable")


@pytest.mark.parametrize("command", [TIMRA, MARK, ChangeContact(Contact(language="sv"), MAY_4), CHANGE])
def test_nothing_of_the_person_is_recorded_in_an_anonymous_case(command: object) -> None:
    given(ANONYMOUS).when(command).then_refused("case-anonymous")


def test_the_text_of_a_case_shows_no_personnummer() -> None:
    assert "8808" not in repr(given(REFERRED).state.person)
    assert isinstance(given(REFERRED).state, Case)
