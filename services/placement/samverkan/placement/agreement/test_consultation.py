from dataclasses import replace
from datetime import date

import pytest

from samverkan.placement.agreement.agreement import decide
from samverkan.placement.agreement.consultation import AskUnion, RecordUnionOpinion
from samverkan.placement.agreement.examples import (
    AGREED,
    APPROVED,
    CANCELLED,
    CONSULTED,
    DECIDED,
    FEBRUARY_10,
    FEBRUARY_16,
    FEBRUARY_20,
    MARCH_2,
    PROPOSED,
    STARTED,
    WORKPLACE,
    form,
    given,
)
from samverkan.placement.agreement.proposal import RevisePlacement
from samverkan.placement.agreement.start import StartPlacement
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import ConsultationReason, UnionAsked, UnionConsulted, UnionOpinion


def test_the_unions_opinion_is_recorded_once() -> None:
    command = RecordUnionOpinion(UnionOpinion.YES, FEBRUARY_10)
    given(PROPOSED).when(command).then(CONSULTED)
    given(PROPOSED, CONSULTED).when(command).then_nothing()


def test_a_second_opinion_is_refused() -> None:
    command = RecordUnionOpinion(UnionOpinion.NO, FEBRUARY_16, reason="Annan uppfattning")
    given(PROPOSED, CONSULTED).when(command).then_refused("already-consulted")


def test_a_no_does_not_block_but_needs_a_reason() -> None:
    no = RecordUnionOpinion(UnionOpinion.NO, FEBRUARY_10)
    given(PROPOSED).when(no).then_refused("reason-missing")
    said_no = UnionConsulted(
        opinion=UnionOpinion.NO, consulted_on=FEBRUARY_10, employment=ConsultationReason(reason="Behovet är stort")
    )
    given(PROPOSED).when(replace(no, reason="Behovet är stort")).then(said_no)
    given(PROPOSED, said_no, *APPROVED, AGREED, DECIDED).when(StartPlacement(MARCH_2)).then(STARTED)


def test_silence_counts_from_the_day_after_the_stated_reply_date() -> None:
    silence = RecordUnionOpinion(UnionOpinion.NO_REPLY, date(2026, 2, 17), reply_by=FEBRUARY_16)
    given(PROPOSED).when(silence).then(
        UnionConsulted(opinion=UnionOpinion.NO_REPLY, consulted_on=date(2026, 2, 17), reply_by=FEBRUARY_16)
    )
    given(PROPOSED).when(replace(silence, consulted_on=FEBRUARY_16)).then_refused("reply-date-not-passed")


def test_without_a_stated_reply_date_silence_counts_after_ten_days() -> None:
    silence = RecordUnionOpinion(UnionOpinion.NO_REPLY, date(2026, 2, 21), asked_on=FEBRUARY_10)
    given(PROPOSED).when(silence).then(
        UnionConsulted(opinion=UnionOpinion.NO_REPLY, consulted_on=date(2026, 2, 21), reply_by=FEBRUARY_20)
    )
    given(PROPOSED).when(replace(silence, consulted_on=FEBRUARY_20)).then_refused("reply-date-not-passed")


def test_silence_without_any_date_is_refused() -> None:
    given(PROPOSED).when(RecordUnionOpinion(UnionOpinion.NO_REPLY, FEBRUARY_20)).then_refused("reply-date-missing")


def test_nystartsjobb_asks_no_union() -> None:
    proposed, agreed = form(Programme.NYSTARTSJOBB)
    given(proposed).when(RecordUnionOpinion(UnionOpinion.YES, FEBRUARY_10)).then_refused("union-not-needed")
    given(proposed, *APPROVED, agreed, DECIDED).when(StartPlacement(MARCH_2)).then(STARTED)


def test_the_union_is_asked_once_with_a_stated_reply_date() -> None:
    asked = UnionAsked(asked_on=FEBRUARY_10, reply_by=FEBRUARY_20)
    given(PROPOSED).when(AskUnion(FEBRUARY_10)).then(asked)
    given(PROPOSED, asked).when(AskUnion(FEBRUARY_10, FEBRUARY_20)).then_nothing()
    given(PROPOSED, asked).when(AskUnion(FEBRUARY_16)).then_refused("already-asked")


def test_the_date_stated_to_the_union_holds_whatever_is_said_later() -> None:
    asked = UnionAsked(asked_on=FEBRUARY_10, reply_by=FEBRUARY_20)
    early = RecordUnionOpinion(UnionOpinion.NO_REPLY, FEBRUARY_20, reply_by=FEBRUARY_16)
    given(PROPOSED, asked).when(early).then_refused("reply-date-not-passed")
    given(PROPOSED, asked).when(replace(early, consulted_on=date(2026, 2, 21))).then(
        UnionConsulted(opinion=UnionOpinion.NO_REPLY, consulted_on=date(2026, 2, 21), reply_by=FEBRUARY_20)
    )


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        ((PROPOSED, CONSULTED), AskUnion(FEBRUARY_10), "already-consulted"),
        ((PROPOSED,), AskUnion(FEBRUARY_16, FEBRUARY_10), "reply-before-asked"),
        ((form(Programme.NYSTARTSJOBB)[0],), AskUnion(FEBRUARY_10), "union-not-needed"),
        ((PROPOSED, CANCELLED), AskUnion(FEBRUARY_10), "already-cancelled"),
        ((PROPOSED, CANCELLED), RecordUnionOpinion(UnionOpinion.YES, FEBRUARY_10), "already-cancelled"),
    ],
)
def test_a_question_that_needs_no_answer_is_refused(history: tuple[object, ...], command: object, code: str) -> None:
    given(*history).when(command).then_refused(code)


def test_another_workplace_is_another_question_to_the_union() -> None:
    moved = RevisePlacement(workplace=WORKPLACE.model_copy(update={"workplace": "Biblioteket"}))
    (revised,) = decide(moved, given(PROPOSED, CONSULTED).state)
    given(PROPOSED, CONSULTED, revised).when(AskUnion(FEBRUARY_16)).then(
        UnionAsked(asked_on=FEBRUARY_16, reply_by=date(2026, 2, 26))
    )
