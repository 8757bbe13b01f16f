"""A personnummer in a log line is replaced, in whatever form it was written; other numbers stay."""

import pytest

from samverkan.backbone.telemetry.scrub import contains_person_number, scrub


@pytest.mark.parametrize(
    "written",
    [
        "198808112380",
        "19880811-2380",
        "8808112380",
        "880811-2380",
        "880811+2380",
        "19880811 2380",
        "880811\u20132380",
        "202601612381",
        "260161-2381",
        "191401682396",
    ],
)
def test_every_form_is_replaced_wherever_it_stands(written: str) -> None:
    assert scrub(f"case of {written}, pnr{written};") == "case of [personnummer], pnr[personnummer];"
    assert contains_person_number(f"x{written}x")


@pytest.mark.parametrize(
    "other",
    [
        "198808112381",  # wrong check digit
        "198813112381",  # no such month
        "212000-2395",  # an organisation number: its third digit is 2 or more
        "202100-2114",
        "1764000000",
        "31540.80",
        "88081123800",  # eleven digits
        "0b7e9f7a-91f4-4c1e-8a52-2f1f6f6f6f6f",
        "",
    ],
)
def test_what_is_not_a_person_stays(other: str) -> None:
    assert scrub(other) == other
    assert not contains_person_number(other)
