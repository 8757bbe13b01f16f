"""Finsam: the insats behind it and a budget of its own, from draft to discharge."""

from datetime import date
from decimal import Decimal
from typing import Final

from samverkan.schemas import budget
from samverkan.schemas.sample_chapters.step import INSATS, Step, sample_id

_COMMITMENT: Final = sample_id("commitment")
_SHARES: Final = {
    "202100-5521": Decimal("4000000.00"),
    "232100-0222": Decimal("2000000.00"),
    "2417": Decimal("120000.00"),
    "2482": Decimal("1880000.00"),
}

FINSAM: Final = (
    Step(
        "insats",
        budget.InsatsProposed(
            association="skelleftea-norsjo",
            title="Arbetsmarknadstorget",
            target_group="16–29 år med behov av långvarigt stöd från minst två myndigheter",
            parties=("2482", "skelleftea-norsjo"),
            steering_group=("2482",),
            starts_on=date(2027, 1, 1),
            ends_on=date(2027, 12, 31),
            places=40,
            contributions={
                "2482/2027/premises": Decimal("480000.00"),
                "skelleftea-norsjo/2027/money": Decimal("3200000.00"),
            },
            proposed_on=date(2027, 3, 1),
        ),
        date(2027, 3, 1),
        "forbund",
    ),
    Step("insats", budget.InsatsSigned(party="2482", signed_on=date(2027, 3, 1)), date(2027, 3, 1), "forbund"),
    Step("insats", budget.InsatsAgreed(agreed_on=date(2027, 3, 1)), date(2027, 3, 1), "forbund"),
    Step("insats", budget.InsatsStarted(started_on=date(2027, 3, 2)), date(2027, 3, 2), "forbund"),
    Step(
        "insats",
        budget.InsatsMadeRegular(
            decided_on=date(2027, 10, 4), regular_from=date(2028, 1, 1), yearly_cost={"2482": Decimal("2400000.00")}
        ),
        date(2027, 10, 4),
        "forbund",
    ),
    Step("insats", budget.InsatsEnded(last_day_on=date(2029, 6, 30)), date(2029, 7, 2), "forbund"),
    Step("insats", budget.InsatsReactionRefused(command="StartInsats", code="insats-already-ended"), date(2029, 7, 2)),
    Step(
        "budget",
        budget.BudgetDrafted(
            association="skelleftea-norsjo",
            year=2027,
            total=Decimal("8000000.00"),
            insurance="202100-5521",
            region="232100-0222",
            municipal_split={"2417": Decimal(6), "2482": Decimal(94)},
            shares=_SHARES,
            prepared_by="forbund-handlaggare-1",
            drafted_on=date(2026, 10, 1),
            saved_capital=Decimal("250000.00"),
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    Step(
        "budget",
        budget.MemberConsulted(member="202100-5521", agrees=True, consulted_on=date(2026, 10, 20)),
        date(2029, 7, 3),
        "forbund",
    ),
    Step(
        "budget",
        budget.BudgetAdopted(
            adopted_on=date(2026, 11, 27),
            attested_by="forbund-handlaggare-2",
            due_on=date(2026, 11, 30),
            days_late=0,
            rule_source="SFS 2003:1210",
            posted={
                **{f"receivable/{member}": share for member, share in _SHARES.items()},
                "available": Decimal("-8000000.00"),
                "bank": Decimal("250000.00"),
                "saved-capital": Decimal("-250000.00"),
            },
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    Step(
        "budget",
        budget.CommitmentPrepared(
            commitment_id=_COMMITMENT,
            insats_id=INSATS,
            amount=Decimal("3200000.00"),
            participants=40,
            agreed=Decimal("3200000.00"),
            prepared_by="forbund-handlaggare-1",
            prepared_on=date(2027, 3, 3),
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    Step(
        "budget",
        budget.CommitmentMade(
            commitment_id=_COMMITMENT,
            insats_id=INSATS,
            amount=Decimal("3200000.00"),
            participants=40,
            per_participant=Decimal("80000.00"),
            prepared_by="forbund-handlaggare-1",
            attested_by="forbund-handlaggare-2",
            decided_on=date(2027, 3, 4),
            posted={"available": Decimal("3200000.00"), f"committed/{_COMMITMENT}": Decimal("-3200000.00")},
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    Step(
        "budget",
        budget.ShareLoweringPrepared(
            member="232100-0222",
            share=Decimal("1900000.00"),
            prepared_by="forbund-handlaggare-1",
            prepared_on=date(2027, 3, 5),
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    Step(
        "budget",
        budget.SharesLowered(
            member="232100-0222",
            total=Decimal("7600000.00"),
            shares={
                "202100-5521": Decimal("3800000.00"),
                "232100-0222": Decimal("1900000.00"),
                "2417": Decimal("114000.00"),
                "2482": Decimal("1786000.00"),
            },
            prepared_by="forbund-handlaggare-1",
            attested_by="forbund-handlaggare-2",
            lowered_on=date(2027, 3, 8),
            posted={
                "available": Decimal("400000.00"),
                "receivable/202100-5521": Decimal("-200000.00"),
                "receivable/232100-0222": Decimal("-100000.00"),
                "receivable/2417": Decimal("-6000.00"),
                "receivable/2482": Decimal("-94000.00"),
            },
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    Step(
        "budget",
        budget.ContributionReceived(
            voucher="V-1",
            member="202100-5521",
            amount=Decimal("3800000.00"),
            received_on=date(2027, 3, 9),
            posted={"bank": Decimal("3800000.00"), "receivable/202100-5521": Decimal("-3800000.00")},
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    Step(
        "budget",
        budget.PaymentPrepared(
            voucher="V-2",
            commitment_id=_COMMITMENT,
            amount=Decimal("3000000.00"),
            prepared_by="forbund-handlaggare-1",
            prepared_on=date(2027, 10, 1),
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    Step(
        "budget",
        budget.PaymentMade(
            voucher="V-2",
            commitment_id=_COMMITMENT,
            insats_id=INSATS,
            amount=Decimal("3000000.00"),
            prepared_by="forbund-handlaggare-1",
            attested_by="forbund-handlaggare-2",
            paid_on=date(2027, 10, 4),
            posted={f"committed/{_COMMITMENT}": Decimal("3000000.00"), "bank": Decimal("-3000000.00")},
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    Step(
        "budget",
        budget.CommitmentReleasePrepared(
            commitment_id=_COMMITMENT,
            amount=Decimal("150000.00"),
            prepared_by="forbund-handlaggare-1",
            prepared_on=date(2027, 12, 1),
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    Step(
        "budget",
        budget.CommitmentReleased(
            commitment_id=_COMMITMENT,
            amount=Decimal("150000.00"),
            prepared_by="forbund-handlaggare-1",
            attested_by="forbund-handlaggare-2",
            released_on=date(2027, 12, 3),
            posted={"available": Decimal("-150000.00"), f"committed/{_COMMITMENT}": Decimal("150000.00")},
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    Step(
        "budget",
        budget.BudgetClosed(
            closed_on=date(2028, 1, 31),
            prepared_by="forbund-handlaggare-1",
            spent=Decimal("3000000.00"),
            unspent=Decimal("4600000.00"),
            saved_capital=Decimal("4850000.00"),
            posted={
                "available": Decimal("4550000.00"),
                f"committed/{_COMMITMENT}": Decimal("50000.00"),
                "saved-capital": Decimal("-4600000.00"),
            },
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    Step(
        "budget",
        budget.AnnualReportGiven(
            reported_on=date(2028, 4, 3),
            attested_by="forbund-handlaggare-2",
            due_on=date(2028, 3, 31),
            days_late=3,
            rule_source="SFS 2003:1210",
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    Step(
        "budget",
        budget.BudgetAudited(auditor="revisor-1", recommends_discharge=True, audited_on=date(2028, 4, 20)),
        date(2029, 7, 3),
        "forbund",
    ),
    Step(
        "budget",
        budget.DischargeDecided(member="202100-5521", granted=True, decided_on=date(2028, 6, 8)),
        date(2029, 7, 3),
        "forbund",
    ),
    Step("budget", budget.BudgetReactionRefused(command="ConsultMember", code="not-a-member"), date(2029, 7, 3)),
)
