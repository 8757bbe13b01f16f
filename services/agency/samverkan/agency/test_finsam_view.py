"""A budget and an insats as every agency keeps them; they are nobody's case."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from samverkan.agency.finsam_examples import BUDGET, INSATS, OTHER, STREAMS, budget, insats
from samverkan.agency.results_view import half_yearly_report
from samverkan.agency.views import views_for
from samverkan.backbone.testing.permute import fold
from samverkan.backbone.testing.record import stream
from samverkan.schemas.catalogue import NOTIFICATION, Role
from samverkan.schemas.notification import (
    Channel,
    NotificationDelivered,
    NotificationFailed,
    NotificationInterrupted,
    NotificationQueued,
    NotificationRequeued,
)

WAITS_FOR = [
    *("consultation", "consultation", "closing", "closing", "closing", "closing", "closing"),
    *("annual-report", "audit", "discharge", "discharge", "discharge", "discharge", "nothing"),
]


def row(role: Role, length: int = len(budget)) -> Any:
    return fold(views_for(role), budget[:length])["finsam_budget"][BUDGET]


@pytest.mark.parametrize("role", Role)
def test_every_agency_keeps_the_same_of_it_and_no_case(role: Role) -> None:
    rows = fold(views_for(role), [one for stream in STREAMS for one in stream])
    assert not rows.get("shared_case") and not rows.get("case_compensation")
    assert rows["finsam_budget"][BUDGET] == row(Role.COORDINATION_ASSOCIATION)


def test_what_becomes_of_a_message_about_a_budget_makes_no_case_of_it() -> None:
    told: dict[str, Any] = {"case_id": BUDGET, "recipient": "forbund", "channel": Channel.MAIL, "about_budget": True}
    instant = datetime(2026, 10, 1, 8, tzinfo=UTC)
    message = stream(
        NOTIFICATION,
        UUID(int=120),
        NotificationQueued(template="reminder-budget", about_event=UUID(int=121), **told),
        NotificationInterrupted(begun_at=instant, **told),
        NotificationFailed(code="550", **told),
        NotificationRequeued(**told),
        NotificationDelivered(message_id="<1@x>", delivered_at=instant, **told),
        case_id=BUDGET,
    )
    assert not fold(views_for(Role.MUNICIPALITY), message).get("shared_case")


def test_what_is_left_follows_commitments_releases_and_shares() -> None:
    assert row(Role.INSURANCE, 3).uncommitted == Decimal(8_000_000)
    assert row(Role.INSURANCE, 5).uncommitted == Decimal(4_400_000)
    known = row(Role.INSURANCE)
    assert (known.total, known.committed, known.uncommitted) == (
        Decimal(7_600_000),
        Decimal(3_000_000),
        Decimal(4_600_000),
    )
    assert (known.insatser, known.spent) == ({str(INSATS): "3000000.00"}, Decimal(1_000_000))
    assert (known.saved_capital, known.days_late) == (Decimal(6_600_000), 5)


def test_it_says_what_it_waits_for() -> None:
    assert [row(Role.REGION, length).waits_for for length in range(1, len(budget) + 1)] == WAITS_FOR


def test_an_insats_goes_from_proposal_to_regular_operation() -> None:
    states = [
        fold(views_for(Role.MUNICIPALITY), insats[:length])["finsam_insats"][INSATS].state
        for length in range(1, len(insats) + 1)
    ]
    assert states == ["proposed", "agreed", "project", "regular", "regular", "ended"]


def test_the_half_yearly_report_says_what_each_cost_and_what_is_saved_up() -> None:
    rows = fold(views_for(Role.COORDINATION_ASSOCIATION), [one for stream in STREAMS for one in stream])
    budgets, results = list(rows["finsam_budget"].values()), list(rows["published_result"].values())
    found: Any = rows["finsam_insats"][INSATS]
    method: Any = rows["insats_method"][INSATS]
    report = half_yearly_report(found, budgets, results, method)
    assert [(one.year, one.committed, one.cost_each) for one in report.years] == [
        (2026, Decimal(3_000_000), Decimal("50000.00"))
    ]
    assert report.years[0].saved_capital == Decimal(6_600_000)
    assert [(one.half, one.cells["begun/all"], one.cells["persons/all"]) for one in report.half_years] == [
        (1, 40, 34),
        (2, 20, 20),
    ]
    assert half_yearly_report(found, budgets, results[:1], method).years[0].cost_each is None, (
        "half a year costs no year"
    )
    assert (report.method.lessons, report.outcome.in_work_percent) == ("Sök upp arbetsgivare", Decimal("50.0"))
    assert report.outcome.in_study_percent is None, "the cell is hidden"
    assert report.compared_with is not None and report.compared_with.exits is None
    others: Any = [replace(one, insats_id=OTHER) for one in results]
    compared = half_yearly_report(found, budgets, [*results, *others], method).compared_with
    assert compared is not None and compared.in_work_percent == Decimal("50.0")
