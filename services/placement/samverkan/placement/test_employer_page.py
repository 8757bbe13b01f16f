from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from samverkan.backbone.testing.permute import fold
from samverkan.backbone.testing.record import stream
from samverkan.placement.employer_page import EmployerPage, page_of
from samverkan.placement.views.placements import PlacementRow
from samverkan.placement.views.supports import SupportRow, Supports
from samverkan.schemas.catalogue import FUNDING
from samverkan.schemas.decisions import CompensationAmended, CompensationRevoked, RevocationLifted
from samverkan.schemas.event import Event
from samverkan.schemas.funding import CompensationApproved, DecidedAmounts
from samverkan.schemas.participant import Programme

CASE, PLACEMENT_ID = UUID(int=1), UUID(int=2)
FIRST, EXTENSION = UUID(int=9), UUID(int=3)  # the later one has the lower id
TODAY, STARTS, ENDS, LONGER = date(2026, 9, 1), date(2026, 3, 2), date(2027, 2, 28), date(2028, 2, 29)
ROW = PlacementRow(
    PLACEMENT_ID, form="introduktionsjobb", state="started", started_on=STARTS, starts_on=STARTS, ends_on=ENDS
)
AMOUNTS = DecidedAmounts(
    gross_per_month=Decimal("24000.00"),
    birth_year=1988,
    cost_per_month=Decimal("31540.80"),
    credit_per_month=Decimal("21027.20"),
    own_cost_per_month=Decimal("10513.60"),
    credit_in_all=Decimal("252326.40"),
)
GRANTED = CompensationApproved(
    case_id=CASE,
    placement_id=PLACEMENT_ID,
    form=Programme.INTRODUKTIONSJOBB,
    starts_on=STARTS,
    ends_on=ENDS,
    extent=Decimal(1),
    decided_on=date(2026, 2, 20),
    attested_by="af-2",
    rule_version="introduktionsjobb-2018-05-01",
    rule_source="SFS 2018:42",
    economy=AMOUNTS,
)
AMENDED = CompensationAmended(
    case_id=CASE,
    placement_id=PLACEMENT_ID,
    decided_on=date(2026, 8, 20),
    prepared_by="af-1",
    attested_by="af-2",
    valid_from=date(2026, 8, 1),
    extent=Decimal("0.75"),
    ends_on=date(2026, 12, 31),
    rule_version="introduktionsjobb-2018-05-01",
    economy=AMOUNTS.model_copy(update={"credit_per_month": Decimal("15770.40")}),
)
REVOKED = CompensationRevoked(
    case_id=CASE,
    placement_id=PLACEMENT_ID,
    decided_on=date(2026, 8, 20),
    prepared_by="af-1",
    attested_by="af-2",
    revoked_from=date(2026, 8, 1),
    ground="conditions-not-met",
)
WHOLLY = REVOKED.model_copy(update={"revoked_from": STARTS})
LIFTED = RevocationLifted(case_id=CASE, placement_id=PLACEMENT_ID, lifted_on=date(2026, 8, 25))


def supports(stream_id: UUID, *events: Event) -> list[SupportRow]:
    return [
        row
        for row in fold([Supports()], stream(FUNDING, stream_id, *events))["support"].values()
        if isinstance(row, SupportRow)
    ]


def page(*found: SupportRow, row: PlacementRow = ROW) -> EmployerPage:
    return page_of("2120002395", [row], found, TODAY)


@pytest.mark.parametrize(
    ("events", "state", "until", "in_all"),
    [
        ((GRANTED,), "granted", ENDS, "21027.20"),
        ((GRANTED, AMENDED), "granted", date(2026, 12, 31), "15770.40"),
        ((GRANTED, REVOKED), "revoked", date(2026, 7, 31), "0"),
        ((GRANTED, WHOLLY), "revoked", None, "0"),
        ((GRANTED, REVOKED, LIFTED), "granted", ENDS, "21027.20"),
    ],
)
def test_the_page_says_until_when_the_support_as_it_is_now_lasts(
    events: tuple[Event, ...], state: str, until: date | None, in_all: str
) -> None:
    found = page(*supports(FIRST, *events))
    (answer,) = found.supports
    assert (answer.support_state, answer.supported_until) == (state, until)
    assert found.credit_per_month == Decimal(in_all)


def test_of_two_decisions_the_one_that_holds_today_is_shown_until_the_last_day_of_both() -> None:
    credited = [SupportRow(**{**vars(one), "credited": Decimal("21027.20")}) for one in supports(FIRST, GRANTED)]
    later = GRANTED.model_copy(
        update={
            "starts_on": date(2027, 3, 1),
            "ends_on": LONGER,
            "economy": AMOUNTS.model_copy(update={"credit_per_month": Decimal("20000.00")}),
        }
    )
    (answer,) = page(*credited, *supports(EXTENSION, later)).supports
    assert (answer.credit_per_month, answer.supported_until) == (Decimal("21027.20"), LONGER)
    assert answer.credited == Decimal("21027.20")


def test_an_application_for_more_does_not_hide_what_is_granted() -> None:
    applied = SupportRow(EXTENSION, PLACEMENT_ID, "applied", applied_on=TODAY, starts_on=ENDS, ends_on=LONGER)
    (answer,) = page(*supports(FIRST, GRANTED), applied).supports
    assert (answer.support_state, answer.supported_until) == ("granted", ENDS)


@pytest.mark.parametrize(
    ("row", "code", "by"),
    [
        ({"covered_until": date(2026, 12, 31)}, "support-ends", date(2026, 12, 31)),
        ({"covered_until": ENDS}, "runs", ENDS),
        ({"covered_until": date(2026, 12, 31), "ends_on": date(2026, 8, 31)}, "end", date(2026, 8, 31)),
        ({"state": "refused", "granted": True, "revoked_from": STARTS, "consulted_on": STARTS}, "revoked", None),
    ],
)
def test_whose_support_ends_before_the_placement_is_told_to_change_or_end_it(
    row: dict[str, object], code: str, by: date | None
) -> None:
    step = page(row=PlacementRow(**{**vars(ROW), **row})).supports[0].next
    assert (step.code, step.by) == (code, by)
