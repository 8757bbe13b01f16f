"""Which decisions a court may try, as the ordinances list them, and by when is paid."""

from datetime import date

import pytest

from samverkan.backbone.errors import Refused
from samverkan.funding.conditions.load import load_conditions
from samverkan.funding.conditions.remedies import Matter

CONDITIONS = load_conditions()
DAY = date(2026, 2, 20)


@pytest.mark.parametrize(
    ("form", "matter", "appealable"),
    [
        ("introduktionsjobb", Matter.SUPPORT, False),  # SFS 2018:42 §41 does not list it
        ("introduktionsjobb", Matter.CHANGE, True),
        ("introduktionsjobb", Matter.RECOVERY, False),
        ("nystartsjobb", Matter.SUPPORT, True),  # SFS 2018:43 §40, 1
        ("nystartsjobb", Matter.RECOVERY, False),
        ("lonebidrag-trygghet", Matter.SUPPORT, False),
        ("lonebidrag-trygghet", Matter.SET_OFF, True),  # SFS 2017:462 §58, 4
    ],
)
def test_a_court_tries_the_reviews_that_the_ordinance_lists(form: str, matter: Matter, appealable: bool) -> None:
    assert (matter in CONDITIONS.remedies_of(form, DAY).appealable) is appealable


@pytest.mark.parametrize(("form", "day"), [("introduktionsjobb", date(2022, 11, 30)), ("arbetspraktik", DAY)])
def test_what_nobody_has_read_is_not_told(form: str, day: date) -> None:
    with pytest.raises(Refused, match="no-rule-in-force"):
        CONDITIONS.remedies_of(form, day)


def test_what_is_asked_back_is_paid_within_thirty_days_and_never_on_a_day_off() -> None:
    assert CONDITIONS.pay_by(date(2026, 6, 16)) == date(2026, 7, 16)
    assert CONDITIONS.pay_by(date(2026, 6, 18)) == date(2026, 7, 20)
