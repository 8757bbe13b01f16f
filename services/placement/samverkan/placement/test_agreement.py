"""The rules of an agreement, with the dates of stories 1, 3 and 4."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from samverkan.backbone.errors import Refused
from samverkan.backbone.testing.specification import specification
from samverkan.placement.agreement import (
    Agreement,
    ApprovePlacement,
    EndPlacement,
    ProposePlacement,
    RecordDecision,
    RecordUnionOpinion,
    StartPlacement,
    decide,
    evolve,
    refusal,
)
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import (
    ConsultationReason,
    DecisionRecorded,
    Outcome,
    PlacementAgreed,
    PlacementApproved,
    PlacementEnded,
    PlacementProposed,
    PlacementReactionRefused,
    PlacementStarted,
    Terms,
    UnionConsulted,
    UnionOpinion,
    Workplace,
)

given = specification(decide, evolve, Agreement())

CASE = UUID("00000000-0000-4000-8000-000000000001")
COMPENSATION = UUID("00000000-0000-4000-8000-000000000003")
FEBRUARY_10, FEBRUARY_16, FEBRUARY_20 = date(2026, 2, 10), date(2026, 2, 16), date(2026, 2, 20)
MARCH_2, MARCH_5, FEBRUARY_28 = date(2026, 3, 2), date(2026, 3, 5), date(2027, 2, 28)

WORKPLACE = Workplace(
    employer_number="2120002395",
    employer_name="Timrå kommun",
    workplace="Ledsagarservice",
    supervisor="Handledare",
    tasks=("ledsaga",),
)
TERMS = Terms(gross_per_month=Decimal("24000.00"), birth_year=1988)
PROPOSE = ProposePlacement(
    case_id=CASE,
    form=Programme.INTRODUKTIONSJOBB,
    starts_on=MARCH_2,
    ends_on=FEBRUARY_28,
    extent=Decimal(1),
    parties=("participant", "employer", "af"),
    workplace=WORKPLACE,
    terms=TERMS,
)
PROPOSED = PlacementProposed(
    case_id=CASE,
    form=Programme.INTRODUKTIONSJOBB,
    starts_on=MARCH_2,
    ends_on=FEBRUARY_28,
    extent=Decimal(1),
    parties=("af", "employer", "participant"),
    employment=WORKPLACE,
    economy=TERMS,
)
CONSULTED = UnionConsulted(opinion=UnionOpinion.YES, consulted_on=FEBRUARY_10)
APPROVED = tuple(
    PlacementApproved(party=party, approved_on=day)
    for party, day in (("af", FEBRUARY_16), ("employer", FEBRUARY_10), ("participant", FEBRUARY_10))
)
AGREED = PlacementAgreed(
    case_id=CASE,
    form=Programme.INTRODUKTIONSJOBB,
    starts_on=MARCH_2,
    ends_on=FEBRUARY_28,
    extent=Decimal(1),
    agreed_on=FEBRUARY_16,
    employment=WORKPLACE,
    economy=TERMS,
)
DECIDED = DecisionRecorded(compensation_id=COMPENSATION, granted=True, decided_on=FEBRUARY_20)
AGREEMENT_MADE = PROPOSED, CONSULTED, *APPROVED, AGREED
READY = *AGREEMENT_MADE, DECIDED
STARTED = PlacementStarted(case_id=CASE, starts_on=MARCH_2)


def form(of: Programme) -> tuple[PlacementProposed, PlacementAgreed]:
    return PROPOSED.model_copy(update={"form": of}), AGREED.model_copy(update={"form": of})


# Proposal


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
    praktik = replace(PROPOSE, form=Programme.ARBETSPRAKTIK, terms=None)
    given().when(praktik).then(PROPOSED.model_copy(update={"form": Programme.ARBETSPRAKTIK, "economy": None}))
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
        RecordUnionOpinion(UnionOpinion.YES, FEBRUARY_10),
        ApprovePlacement("af", FEBRUARY_10),
        RecordDecision(COMPENSATION, True, FEBRUARY_20),
        StartPlacement(MARCH_2),
        EndPlacement(FEBRUARY_28, Outcome.JOB),
    ],
)
def test_nothing_happens_to_an_agreement_that_nobody_proposed(command: object) -> None:
    given().when(command).then_refused("placement-unknown")


# Union (SFS 2000:628 §9a)


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


# Approvals


def test_an_approval_is_recorded_once() -> None:
    command = ApprovePlacement("employer", FEBRUARY_10)
    given(PROPOSED).when(command).then(PlacementApproved(party="employer", approved_on=FEBRUARY_10))
    given(PROPOSED, *APPROVED[:2]).when(command).then_nothing()
    given(PROPOSED, *APPROVED[:2]).when(ApprovePlacement("employer", FEBRUARY_16)).then_nothing()


def test_the_last_approval_makes_the_agreement_on_the_latest_day() -> None:
    given(PROPOSED, *APPROVED[:2]).when(ApprovePlacement("participant", FEBRUARY_10)).then(APPROVED[2], AGREED)


def test_the_last_approval_repeated_does_not_agree_again() -> None:
    given(*AGREEMENT_MADE).when(ApprovePlacement("participant", FEBRUARY_10)).then_nothing()


def test_who_is_no_party_cannot_approve() -> None:
    given(PROPOSED).when(ApprovePlacement("fk", FEBRUARY_10)).then_refused("party-unknown")


# Funding's decision


def test_the_decision_is_recorded_once() -> None:
    command = RecordDecision(COMPENSATION, True, FEBRUARY_20)
    given(*AGREEMENT_MADE).when(command).then(DECIDED)
    given(*READY).when(command).then_nothing()


def test_a_new_decision_replaces_the_old_one() -> None:
    refused = DecisionRecorded(compensation_id=COMPENSATION, granted=False, decided_on=FEBRUARY_16)
    given(*AGREEMENT_MADE, refused, DECIDED).when(StartPlacement(MARCH_2)).then(STARTED)


# The start guard


def test_story_1_starts_when_everything_is_there() -> None:
    given(*READY).when(StartPlacement(MARCH_2)).then(STARTED)


def test_story_4_a_start_before_the_decision_is_refused() -> None:
    decided_late = DECIDED.model_copy(update={"decided_on": MARCH_5})
    given(*AGREEMENT_MADE, decided_late).when(StartPlacement(MARCH_2)).then_refused("starts-before-decision")


def test_a_placement_may_start_on_the_day_of_the_decision() -> None:
    decided_late = DECIDED.model_copy(update={"decided_on": MARCH_5})
    given(*AGREEMENT_MADE, decided_late).when(StartPlacement(MARCH_5)).then(
        PlacementStarted(case_id=CASE, starts_on=MARCH_5)
    )


def test_repeating_a_start_changes_nothing() -> None:
    given(*READY, STARTED).when(StartPlacement(MARCH_2)).then_nothing()


@pytest.mark.parametrize(
    ("history", "starts_on", "code"),
    [
        ((*READY, STARTED), MARCH_5, "already-started"),
        ((PROPOSED, *APPROVED, AGREED, DECIDED), MARCH_2, "union-not-consulted"),
        (
            (PROPOSED, CONSULTED.model_copy(update={"consulted_on": MARCH_5}), *APPROVED, AGREED, DECIDED),
            MARCH_2,
            "starts-before-consultation",
        ),
        ((PROPOSED, CONSULTED, *APPROVED[:2], DECIDED), MARCH_2, "not-agreed"),
        (
            (PROPOSED, CONSULTED, *APPROVED, AGREED.model_copy(update={"agreed_on": MARCH_5}), DECIDED),
            MARCH_2,
            "starts-before-agreement",
        ),
        (AGREEMENT_MADE, MARCH_2, "no-decision"),
        ((*AGREEMENT_MADE, DECIDED.model_copy(update={"granted": False})), MARCH_2, "decision-refused"),
        (READY, date(2026, 3, 1), "starts-outside-period"),
        (READY, date(2027, 3, 1), "starts-outside-period"),
    ],
)
def test_the_start_guard_names_the_first_thing_that_is_missing(
    history: tuple[object, ...], starts_on: date, code: str
) -> None:
    given(*history).when(StartPlacement(starts_on)).then_refused(code)


def test_story_3_a_praktik_starts_without_a_decision() -> None:
    proposed, agreed = form(Programme.ARBETSPRAKTIK)
    given(proposed, CONSULTED, *APPROVED, agreed).when(StartPlacement(MARCH_2)).then(STARTED)


# The end


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


def test_a_refused_reaction_is_recorded_and_changes_nothing() -> None:
    event = refusal(RecordDecision(COMPENSATION, True, FEBRUARY_20), Refused("placement-unknown"))
    assert event == PlacementReactionRefused(command="RecordDecision", code="placement-unknown")
    assert evolve(given(*READY).state, event) == given(*READY).state
