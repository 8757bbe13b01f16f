"""A budget's life, story 9 and every refusal; each amount to the öre."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from samverkan.backbone.errors import Refused
from samverkan.funding.budget.budget import Command, budget_id, decide, refusal
from samverkan.funding.budget.closing import DecideDischarge
from samverkan.funding.budget.committing import AttestRelease, PrepareRelease
from samverkan.funding.budget.examples import (
    ADOPT,
    ADOPTED,
    ANNA,
    AUDIT,
    BO,
    BUDGET,
    CLOSE,
    COMMITTED,
    CONSULT,
    DISCHARGE,
    DRAFT,
    FK,
    LAW,
    LOWER,
    NORSJO,
    PAY,
    RECEIVE,
    REGION,
    RELEASE,
    REPORT,
    SECOND,
    SKELLEFTEA,
    SPENT,
    THIRD,
    TORGET,
    WHOLE_LIFE,
    after,
    attest,
    given,
    prepare,
)
from samverkan.funding.budget.paying import AttestPayment
from samverkan.funding.budget.planning import AttestLowering, ConsultMember
from samverkan.funding.budget.state import Budget
from samverkan.schemas.budget import (
    BudgetAdopted,
    BudgetClosed,
    BudgetReactionRefused,
    CommitmentMade,
    DischargeDecided,
    SharesLowered,
)

UNKNOWN = UUID(int=9)
STATES = ("none", "draft", "consulted", "adopted", "committed", "spent", "closed", "reported", "audited", "discharged")


def history(state: str) -> list[Command]:
    """The shortest part of the whole life that ends in this state."""
    for length in range(len(WHOLE_LIFE) + 1):
        if BUDGET.fold(after(*WHOLE_LIFE[:length])).state == state:
            return list(WHOLE_LIFE[:length])
    raise AssertionError(state)


def refused(*commands: Command, code: str, after_: tuple[Command, ...] | list[Command]) -> None:
    for command in commands:
        given(*after(*after_)).when(command).then_refused(code)


def test_story_9_comes_out_to_the_ore() -> None:
    budget = BUDGET.fold(after(*ADOPTED))
    assert budget.shares == {
        FK: Decimal(4_000_000),
        REGION: Decimal(2_000_000),
        SKELLEFTEA: Decimal(1_880_000),
        NORSJO: Decimal(120_000),
    }
    first, second = [event for event in after(*COMMITTED) if isinstance(event, CommitmentMade)]
    assert (first.amount, first.participants, first.per_participant) == (Decimal(3_200_000), 40, Decimal(80_000))
    assert second.amount == Decimal(1_500_000)
    refused(prepare(THIRD, "3500000.00"), code="budget-exceeded", after_=list(COMMITTED))
    (lowered,) = [event for event in after(*COMMITTED, *LOWER) if isinstance(event, SharesLowered)]
    assert lowered.total == Decimal(7_600_000)
    assert lowered.shares == {
        FK: Decimal(3_800_000),
        REGION: Decimal(1_900_000),
        SKELLEFTEA: Decimal(1_786_000),
        NORSJO: Decimal(114_000),
    }
    assert BUDGET.fold(after(*COMMITTED, *LOWER)).available == Decimal(2_900_000)


def test_every_state_of_the_life_is_reached_in_order() -> None:
    seen = [BUDGET.fold(after(*WHOLE_LIFE[:n])).state for n in range(len(WHOLE_LIFE) + 1)]
    assert tuple(dict.fromkeys(seen)) == STATES


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("command", WHOLE_LIFE, ids=lambda command: type(command).__name__)
def test_each_state_accepts_or_refuses_each_command(state: str, command: Command) -> None:
    budget = BUDGET.fold(after(*history(state)))
    try:
        events = decide(LAW, command, budget)
    except Refused:
        return
    for event in events:
        budget = BUDGET.evolve(budget, event)
    assert budget.state in STATES
    assert not decide(LAW, command, budget), "the same command again leads to nothing"


def test_there_is_one_budget_of_an_association_and_year() -> None:
    assert budget_id("skelleftea-norsjo", 2026) != budget_id("skelleftea-norsjo", 2027)


def test_a_new_draft_asks_every_member_again() -> None:
    less = replace(DRAFT, total=Decimal("7900000.00"))
    assert BUDGET.fold(after(DRAFT, *CONSULT, less)).state == "draft"
    refused(ADOPT, code="members-not-consulted", after_=[DRAFT, *CONSULT, less])
    refused(less, code="budget-already-adopted", after_=list(ADOPTED))


def test_an_impossible_draft_is_refused() -> None:
    for code, changes in (
        ("budget-year-invalid", {"year": 2003}),
        ("total-invalid", {"total": Decimal("0.99")}),
        ("total-invalid", {"total": Decimal("8000000.001")}),
        ("total-invalid", {"saved_capital": Decimal("-0.01")}),
        ("municipal-split-invalid", {"municipal_split": {}}),
        ("municipal-split-invalid", {"municipal_split": {SKELLEFTEA: Decimal(0)}}),
        ("member-unknown", {"insurance": REGION}),
        ("member-unknown", {"region": "232100-9999"}),
        ("member-unknown", {"municipal_split": {"9999": Decimal(1)}}),
    ):
        given().when(replace(DRAFT, **changes)).then_refused(code)


def test_a_member_is_heard_and_not_obeyed() -> None:
    against = replace(CONSULT[1], agrees=False)
    assert BUDGET.fold(after(DRAFT, CONSULT[0], against, *CONSULT[2:], ADOPT)).state == "adopted"
    refused(replace(CONSULT[0], member=UNKNOWN.hex), code="not-a-member", after_=[DRAFT])
    early = replace(CONSULT[0], consulted_on=date(2025, 9, 30))
    refused(early, code="consulted-before-draft", after_=[DRAFT])
    refused(against, code="budget-already-adopted", after_=list(ADOPTED))


def test_adoption_needs_every_member_and_another_person() -> None:
    refused(ADOPT, code="members-not-consulted", after_=[DRAFT, *CONSULT[:3]])
    refused(replace(ADOPT, attested_by=ANNA), code="same-person-prepares-and-attests", after_=[DRAFT, *CONSULT])
    early = replace(ADOPT, adopted_on=date(2025, 10, 19))
    refused(early, code="adopted-before-consultation", after_=[DRAFT, *CONSULT])
    refused(replace(ADOPT, adopted_on=date(2025, 11, 29)), code="budget-already-adopted", after_=list(ADOPTED))


@pytest.mark.parametrize(("adopted_on", "days_late"), [("2025-11-30", 0), ("2025-12-01", 1), ("2026-01-15", 46)])
def test_a_late_adoption_is_seen_and_not_impossible(adopted_on: str, days_late: int) -> None:
    late = replace(ADOPT, adopted_on=date.fromisoformat(adopted_on))
    adopted = after(DRAFT, *CONSULT, late)[-1]
    assert isinstance(adopted, BudgetAdopted)
    assert (adopted.due_on, adopted.days_late) == (date(2025, 11, 30), days_late)


@pytest.mark.parametrize(("reported_on", "days_late"), [("2027-03-31", 0), ("2027-04-01", 1)])
def test_a_late_annual_report_is_seen_and_not_impossible(reported_on: str, days_late: int) -> None:
    (reported,) = decide(
        LAW, replace(REPORT, reported_on=date.fromisoformat(reported_on)), BUDGET.fold(after(*SPENT, CLOSE))
    )
    assert getattr(reported, "days_late", None) == days_late


def test_who_prepares_never_attests() -> None:
    for prepared, attested in (
        ([*ADOPTED, prepare(TORGET, "1.00")], replace(attest(TORGET), attested_by=ANNA)),
        ([*COMMITTED, LOWER[0]], replace(LOWER[1], attested_by=ANNA)),
        ([*COMMITTED, RELEASE[0]], replace(RELEASE[1], attested_by=ANNA)),
        ([*COMMITTED, PAY[0]], replace(PAY[1], attested_by=ANNA)),
        ([*SPENT, CLOSE], replace(REPORT, attested_by=ANNA)),
    ):
        refused(attested, code="same-person-prepares-and-attests", after_=prepared)


def test_nothing_is_attested_before_it_was_prepared() -> None:
    early = date(2026, 1, 2)
    for prepared, attested in (
        ([*ADOPTED, prepare(TORGET, "1.00")], replace(attest(TORGET), decided_on=early)),
        ([*COMMITTED, LOWER[0]], AttestLowering(BO, early)),
        ([*COMMITTED, RELEASE[0]], AttestRelease(SECOND, BO, early)),
        ([*COMMITTED, PAY[0]], AttestPayment("V-2", BO, early)),
    ):
        refused(attested, code="attested-before-preparation", after_=prepared)


def test_the_limit_binds_at_attestation_whatever_was_prepared_before() -> None:
    both = [*ADOPTED, prepare(TORGET, "5000000.00"), prepare(SECOND, "5000000.00"), attest(TORGET)]
    refused(attest(SECOND), code="budget-exceeded", after_=both)
    last_ore = [*ADOPTED, prepare(TORGET, "8000000.00"), attest(TORGET)]
    assert BUDGET.fold(after(*last_ore)).available == 0
    refused(prepare(SECOND, "0.01"), code="budget-exceeded", after_=last_ore)


def test_a_commitment_rests_on_an_agreement_and_stays_within_it() -> None:
    adopted = list(ADOPTED)
    refused(replace(prepare(TORGET, "1.00"), agreed=None), code="insats-not-agreed", after_=adopted)
    beyond = replace(prepare(TORGET, "2.00"), agreed=Decimal("1.99"))
    refused(beyond, code="commitment-beyond-agreement", after_=adopted)
    again = replace(prepare(THIRD, "0.01"), insats_id=TORGET, agreed=Decimal("3200000.00"))
    refused(again, code="commitment-beyond-agreement", after_=list(COMMITTED))


def test_an_agreement_that_says_less_by_the_attestation_binds_then() -> None:
    prepared = [*ADOPTED, prepare(TORGET, "2.00")]
    refused(replace(attest(TORGET), agreed=None), code="insats-not-agreed", after_=prepared)
    refused(replace(attest(TORGET), agreed=Decimal("1.99")), code="commitment-beyond-agreement", after_=prepared)


def test_an_impossible_commitment_is_refused() -> None:
    adopted = list(ADOPTED)
    for amount in ("0.00", "-1.00", "1.001"):
        refused(replace(prepare(TORGET, "1.00"), amount=Decimal(amount)), code="amount-invalid", after_=adopted)
    refused(prepare(TORGET, "1.00", participants=0), code="participants-invalid", after_=adopted)
    next_year = date(2027, 1, 1)
    refused(replace(prepare(TORGET, "1.00"), prepared_on=next_year), code="after-budget-year", after_=adopted)
    late = replace(attest(TORGET), decided_on=next_year)
    refused(late, code="after-budget-year", after_=[*adopted, prepare(TORGET, "1.00")])
    refused(attest(TORGET), code="commitment-unknown", after_=adopted)
    refused(prepare(TORGET, "2.00"), code="commitment-exists", after_=list(COMMITTED))
    refused(replace(attest(TORGET), attested_by="forbund-3"), code="commitment-exists", after_=list(COMMITTED))


def test_money_given_back_can_be_committed_again() -> None:
    assert BUDGET.fold(after(*COMMITTED, *RELEASE)).available == Decimal(3_800_000)
    refused(RELEASE[1], code="release-not-prepared", after_=list(COMMITTED))
    refused(PrepareRelease(SECOND, Decimal("1500000.01"), ANNA, date(2026, 9, 1)), code="beyond-commitment",
            after_=list(COMMITTED))  # fmt: skip
    unattested = [*ADOPTED, prepare(TORGET, "1.00")]
    refused(replace(RELEASE[0], commitment_id=TORGET), code="commitment-not-made", after_=unattested)
    paid_meanwhile = [*COMMITTED, PrepareRelease(TORGET, Decimal("200000.01"), ANNA, date(2026, 9, 1)), *PAY]
    late = AttestRelease(TORGET, BO, date(2026, 10, 5))
    refused(late, code="beyond-commitment", after_=paid_meanwhile)


def test_a_share_is_never_lowered_below_what_is_committed() -> None:
    least = replace(LOWER[0], share=Decimal("1175000.00"))  # four times that is the 4.7 M committed
    assert BUDGET.fold(after(*COMMITTED, least, LOWER[1])).available == 0
    below = replace(LOWER[0], share=Decimal("1174999.99"))
    refused(below, code="below-commitments", after_=list(COMMITTED))
    refused(replace(LOWER[0], share=Decimal(2_000_000)), code="share-not-lowered", after_=list(COMMITTED))
    refused(replace(LOWER[0], member="2262"), code="not-a-member", after_=list(COMMITTED))
    refused(LOWER[1], code="lowering-not-prepared", after_=list(COMMITTED))
    meanwhile = [*COMMITTED, least, prepare(THIRD, "0.01"), attest(THIRD)]
    refused(LOWER[1], code="below-commitments", after_=meanwhile)


def test_members_pay_their_shares_and_no_more() -> None:
    refused(replace(RECEIVE, amount=Decimal("4000000.01")), code="contribution-beyond-share", after_=list(ADOPTED))
    refused(replace(RECEIVE, voucher="V-9", amount=Decimal("200000.01")), code="contribution-beyond-share",
            after_=[*ADOPTED, RECEIVE])  # fmt: skip
    refused(replace(RECEIVE, amount=Decimal(1)), code="voucher-used", after_=[*ADOPTED, RECEIVE])


def test_a_payment_comes_out_of_a_commitment_once() -> None:
    refused(replace(PAY[0], amount=Decimal("3200000.01")), code="beyond-commitment", after_=list(COMMITTED))
    refused(replace(PAY[0], commitment_id=UNKNOWN), code="commitment-unknown", after_=list(COMMITTED))
    refused(PAY[0], code="commitment-not-made", after_=[*ADOPTED, prepare(TORGET, "3200000.00")])
    refused(PAY[1], code="payment-not-prepared", after_=list(COMMITTED))
    refused(replace(PAY[1], attested_by="forbund-3"), code="already-paid", after_=list(SPENT))
    refused(replace(PAY[0], voucher="V-1"), code="voucher-used", after_=[*COMMITTED, RECEIVE])
    two = [*COMMITTED, PAY[0], replace(PAY[0], voucher="V-3"), PAY[1]]
    refused(replace(PAY[1], voucher="V-3"), code="beyond-commitment", after_=two)


def test_what_nobody_used_becomes_saved_capital() -> None:
    closed = after(*SPENT, CLOSE)[-1]
    assert isinstance(closed, BudgetClosed)
    assert (closed.spent, closed.unspent) == (Decimal(3_000_000), Decimal(4_600_000))
    assert closed.saved_capital == Decimal(4_850_000)


def test_the_end_of_the_year_comes_in_its_order() -> None:
    spent = list(SPENT)
    refused(replace(CLOSE, closed_on=date(2026, 12, 31)), code="budget-year-not-over", after_=spent)
    refused(REPORT, code="budget-not-closed", after_=spent)
    refused(AUDIT, code="not-reported", after_=[*spent, CLOSE])
    refused(DISCHARGE[0], code="not-audited", after_=[*spent, CLOSE, REPORT])
    closed: tuple[Command, ...] = (replace(CLOSE, prepared_by=BO), RECEIVE, prepare(THIRD, "1.00"), PAY[0], *LOWER)
    refused(*closed, code="budget-closed", after_=[*spent, CLOSE])
    early = date(2027, 1, 1)
    refused(replace(REPORT, reported_on=early), code="reported-before-closing", after_=[*spent, CLOSE])
    refused(replace(AUDIT, audited_on=early), code="audited-before-report", after_=[*spent, CLOSE, REPORT])
    audited = [*spent, CLOSE, REPORT, AUDIT]
    refused(replace(DISCHARGE[0], decided_on=early), code="discharged-before-audit", after_=audited)
    refused(replace(REPORT, attested_by="forbund-3"), code="already-reported", after_=audited)
    refused(replace(AUDIT, recommends_discharge=False), code="already-audited", after_=audited)


def test_an_auditor_took_no_part() -> None:
    for actor in (ANNA, BO):
        refused(replace(AUDIT, auditor=actor), code="auditor-took-part", after_=[*SPENT, CLOSE, REPORT])


def test_each_member_discharges_and_who_denied_may_grant_later() -> None:
    denied = DecideDischarge(NORSJO, granted=False, decided_on=date(2027, 6, 8))
    audited = [*SPENT, CLOSE, REPORT, AUDIT, *DISCHARGE[:3]]
    assert BUDGET.fold(after(*audited, denied)).state == "audited"
    assert BUDGET.fold(after(*audited, denied, DISCHARGE[3])).state == "discharged"
    refused(replace(DISCHARGE[0], granted=False), code="already-discharged", after_=audited)
    refused(replace(DISCHARGE[0], member="2262"), code="not-a-member", after_=audited)
    given(*after(*audited)).when(DISCHARGE[3]).then(
        DischargeDecided(member=NORSJO, granted=True, decided_on=date(2027, 6, 8))
    )


def test_nothing_happens_to_a_budget_that_nobody_drafted_or_adopted() -> None:
    needs_a_draft: list[Command] = [*CONSULT, ADOPT, *LOWER, *PAY, RECEIVE, CLOSE, REPORT, AUDIT, *DISCHARGE]
    refused(*needs_a_draft, code="budget-not-drafted", after_=[])
    needs_adoption: list[Command] = [prepare(TORGET, "1.00"), *LOWER, *PAY, RECEIVE, CLOSE]
    refused(*needs_adoption, code="budget-not-adopted", after_=[DRAFT])
    before = replace(RECEIVE, received_on=date(2025, 11, 27))
    refused(before, code="before-adoption", after_=list(ADOPTED))


def test_a_refused_reaction_is_recorded_with_its_command_and_code() -> None:
    event = refusal(ConsultMember(FK, agrees=True, consulted_on=date(2025, 10, 20)), Refused("not-a-member"))
    assert event == BudgetReactionRefused(command="ConsultMember", code="not-a-member")
    assert BUDGET.evolve(Budget(), event) == Budget()
