"""What an agency keeps of a decision and a month after they went wrong, with and without their amounts."""

from datetime import date
from decimal import Decimal
from typing import Any

from samverkan.agency.settlement_examples import LIFE, life
from samverkan.agency.views import views_for
from samverkan.backbone.testing.permute import fold
from samverkan.schemas.catalogue import Role

MARCH = f"{LIFE}/2026-03-01"


def rows(role: Role = Role.MUNICIPALITY, events: Any = life) -> Any:
    return fold(views_for(role), events)


def test_a_decision_shows_what_changed_it_and_what_is_asked_of_it() -> None:
    row = rows()["case_decision_life"][LIFE]
    assert (row.amended_from, row.amended_extent, row.expired_on) == (
        date(2026, 9, 1),
        Decimal("0.75"),
        date(2027, 2, 28),
    )
    assert (row.reviewed_on, row.appeal_outcome, row.revoked_from) == (date(2026, 10, 20), "granted", None)


def test_a_month_shows_what_was_right_asked_back_and_settled() -> None:
    row = rows()["case_settlement"][MARCH]
    assert (row.corrected_credit, row.asked_back) == (Decimal("10513.60"), Decimal("10513.60"))
    assert row.settled == Decimal("10513.60") + Decimal("5000.00") + Decimal("5513.60")
    assert (row.answered_on, row.recovery_on, row.waived_on) == (
        date(2026, 6, 10),
        date(2026, 6, 2),
        date(2026, 6, 2),
    )


def test_without_economy_the_days_are_there_and_the_amounts_are_not() -> None:
    sealed = [one._replace(event=_sealed(one.event)) for one in life]
    row = rows(events=sealed)["case_settlement"][MARCH]
    assert row.recovery_on == date(2026, 6, 2)
    assert (row.corrected_credit, row.asked_back, row.settled) == (None, None, None)


def test_a_coordination_association_keeps_nothing_of_it() -> None:
    assert not rows(Role.COORDINATION_ASSOCIATION).get("case_settlement")


def _sealed(event: Any) -> Any:
    return event.model_copy(update={"economy": None}) if "economy" in type(event).model_fields else event
