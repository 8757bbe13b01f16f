"""The members' shares: story 9, the öre, and lowering in proportion."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samverkan.funding.budget.examples import FK, NORSJO, REGION, SKELLEFTEA
from samverkan.funding.budget.shares import Parties, lowered, split

PARTIES = Parties(FK, REGION, {SKELLEFTEA: Decimal(94), NORSJO: Decimal(6)})
ORE = Decimal("0.01")
totals = st.integers(10_000, 10**12).map(lambda ore: Decimal(ore).scaleb(-2))
weights = st.decimals("0.001", "999999", allow_nan=False, places=3)
parties = st.dictionaries(st.sampled_from(["2262", "2281", "2417", "2482"]), weights, min_size=1).map(
    lambda split: Parties(FK, REGION, split)
)


def kronor(*amounts: str) -> dict[str, Decimal]:
    return dict(zip((FK, REGION, SKELLEFTEA, NORSJO), map(Decimal, amounts), strict=True))


def test_story_9_eight_million_is_shared() -> None:
    assert split(PARTIES, Decimal(8_000_000)) == kronor("4000000", "2000000", "1880000", "120000")


def test_story_9_the_region_lowers_by_100_000_and_the_total_falls_by_400_000() -> None:
    total = lowered(PARTIES, Decimal(8_000_000), REGION, Decimal(1_900_000))
    assert total == Decimal(7_600_000)
    assert split(PARTIES, total) == kronor("3800000", "1900000", "1786000", "114000")


@pytest.mark.parametrize(
    ("member", "share"), [(FK, "3800000"), (REGION, "1900000"), (SKELLEFTEA, "1786000"), (NORSJO, "114000")]
)
def test_whoever_lowers_the_others_follow_alike(member: str, share: str) -> None:
    assert lowered(PARTIES, Decimal(8_000_000), member, Decimal(share)) == Decimal(7_600_000)


def test_the_largest_municipality_takes_the_rest() -> None:
    assert split(PARTIES, Decimal("100.03")) == kronor("50.01", "25.00", "23.52", "1.50")
    alike = Parties(FK, REGION, {"2482": Decimal(1), "2417": Decimal(1)})
    assert alike.largest == "2417"


@given(parties, totals)
def test_shares_make_the_total_to_the_ore(parties: Parties, total: Decimal) -> None:
    shares = split(parties, total)
    assert sum(shares.values()) == total
    for member, share in shares.items():
        exact = Decimal(parties.part(member).numerator) * total / parties.part(member).denominator
        assert exact - ORE < share + Decimal("1e-9")
        assert member == parties.largest or share <= exact


@given(parties, totals, st.data())
def test_lowering_asks_nobody_for_more_than_it_promised(parties: Parties, total: Decimal, data: st.DataObject) -> None:
    before = split(parties, total)
    member = data.draw(st.sampled_from([code for code, share in before.items() if share > ORE]))
    share = data.draw(st.integers(1, int(before[member] * 100) - 1).map(lambda ore: Decimal(ore).scaleb(-2)))
    new_total = lowered(parties, total, member, share)
    after = split(parties, new_total)
    assert new_total < total
    assert after[member] <= share
    assert after[member] == share or member == parties.largest
    assert share - after[member] < ORE * len(after)
    for code, amount in after.items():
        rounding = ORE * len(after) if code == parties.largest else 0
        assert amount <= before[code] + rounding
