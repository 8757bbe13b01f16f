"""Story 9's budget and insats for tests, as an agency receives them."""

from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from samverkan.backbone.testing.record import stream
from samverkan.schemas import budget as of
from samverkan.schemas.catalogue import FUNDING, PARTICIPANT
from samverkan.schemas.statistics import StatisticsPublished

BUDGET, INSATS, COMMITMENT, OTHER = (UUID(int=number) for number in range(101, 105))
_ANNA, _BO = "forbund-1", "forbund-2"
_SHARES: Final = {"202100-5521": Decimal(4_000_000), "232100-0222": Decimal(2_000_000), "2482": Decimal(2_000_000)}
_LOWERED: Final = {"202100-5521": Decimal(3_800_000), "232100-0222": Decimal(1_900_000), "2482": Decimal(1_900_000)}
_DAY: Final = date(2026, 3, 2)

budget: Final = stream(
    FUNDING,
    BUDGET,
    of.BudgetDrafted(
        association="skelleftea-norsjo",
        year=2026,
        total=Decimal(8_000_000),
        insurance="202100-5521",
        region="232100-0222",
        municipal_split={"2482": Decimal(1)},
        shares=_SHARES,
        prepared_by=_ANNA,
        drafted_on=_DAY,
    ),
    of.MemberConsulted(member="2482", agrees=True, consulted_on=_DAY),
    of.BudgetAdopted(
        adopted_on=_DAY, attested_by=_BO, due_on=_DAY, days_late=2, rule_source="SFS 2003:1210", posted={}
    ),
    of.CommitmentMade(
        commitment_id=COMMITMENT,
        insats_id=INSATS,
        amount=Decimal(3_200_000),
        participants=40,
        per_participant=Decimal(80_000),
        prepared_by=_ANNA,
        attested_by=_BO,
        decided_on=_DAY,
        posted={},
    ),
    of.SharesLowered(
        member="232100-0222",
        total=Decimal(7_600_000),
        shares=_LOWERED,
        prepared_by=_ANNA,
        attested_by=_BO,
        lowered_on=_DAY,
        posted={},
    ),
    of.CommitmentReleased(
        commitment_id=COMMITMENT,
        amount=Decimal(200_000),
        prepared_by=_ANNA,
        attested_by=_BO,
        released_on=_DAY,
        posted={},
    ),
    of.PaymentMade(
        voucher="V-1",
        commitment_id=COMMITMENT,
        insats_id=INSATS,
        amount=Decimal(1_000_000),
        prepared_by=_ANNA,
        attested_by=_BO,
        paid_on=_DAY,
        posted={},
    ),
    of.BudgetClosed(
        closed_on=_DAY,
        prepared_by=_ANNA,
        spent=Decimal(1_000_000),
        unspent=Decimal(6_600_000),
        saved_capital=Decimal(6_600_000),
        posted={},
    ),
    of.AnnualReportGiven(reported_on=_DAY, attested_by=_BO, due_on=_DAY, days_late=3, rule_source="SFS 2003:1210"),
    of.BudgetAudited(auditor="revisor-1", recommends_discharge=True, audited_on=_DAY),
    of.DischargeDecided(member="202100-5521", granted=True, decided_on=_DAY),
    of.DischargeDecided(member="232100-0222", granted=True, decided_on=_DAY),
    of.DischargeDecided(member="2482", granted=False, decided_on=_DAY),
    of.DischargeDecided(member="2482", granted=True, decided_on=_DAY),
    case_id=BUDGET,
)
insats: Final = stream(
    FUNDING,
    INSATS,
    of.InsatsProposed(
        association="skelleftea-norsjo",
        title="Arbetsmarknadstorget",
        target_group="16–29 år",
        parties=("2482", "skelleftea-norsjo"),
        steering_group=("2482",),
        starts_on=_DAY,
        ends_on=date(2027, 12, 31),
        places=40,
        contributions={"skelleftea-norsjo/2026/money": Decimal(3_200_000)},
        proposed_on=_DAY,
        based_on=OTHER,
    ),
    of.InsatsAgreed(agreed_on=_DAY),
    of.InsatsStarted(started_on=_DAY),
    of.InsatsMadeRegular(decided_on=_DAY, regular_from=date(2028, 1, 1), yearly_cost={"2482": Decimal(2_400_000)}),
    of.InsatsMethodDescribed(
        aim="Arbete eller studier",
        way_of_working="En mötesplats",
        staffing="Två",
        lessons="Sök upp arbetsgivare",
        described_on=date(2027, 12, 1),
    ),
    of.InsatsEnded(last_day_on=date(2029, 6, 30)),
    case_id=INSATS,
)

results: Final = tuple(
    stream(
        PARTICIPANT,
        UUID(int=110 + half),
        StatisticsPublished(
            insats_id=INSATS,
            programme="arbetsmarknadstorget",
            year=2026,
            half=half,
            published_on=date(2026, 12, 31),
            threshold=5,
            cells={
                "begun/all": begun,
                "persons/all": persons,
                "exit/all": begun,
                "occupation/exit/after/work/all": begun // 2,
            },
            hidden=("begun/men", "begun/women"),
            saved_per_year=Decimal("1905300.00"),
            saved_by_payer={"state": Decimal("1905300.00")},
            unvalued=("financial-aid",),
            value_sources=("activity-support: SFS 2017:819",),
        ),
        case_id=UUID(int=110 + half),
    )
    for half, begun, persons in ((1, 40, 34), (2, 20, 20))
)

STREAMS: Final = (budget, insats, *results)
