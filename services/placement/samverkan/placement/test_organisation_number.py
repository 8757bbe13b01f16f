import pytest

from samverkan.backbone.errors import Refused
from samverkan.placement.organisation_number import parse

# Timrå, Skellefteå, AF, FK, Region Västerbotten, Region Västernorrland (domain.md section 5).
KNOWN = ("212000-2395", "212000-2643", "202100-2114", "202100-5521", "232100-0222", "232100-0206")


@pytest.mark.parametrize("text", KNOWN)
def test_a_number_is_read_with_and_without_hyphen(text: str) -> None:
    assert parse(text) == parse(text.replace("-", "")) == text.replace("-", "")


@pytest.mark.parametrize("text", KNOWN)
def test_any_other_check_digit_is_refused(text: str) -> None:
    for other in set("0123456789") - {text[-1]}:
        with pytest.raises(Refused) as refused:
            parse(text[:-1] + other)
        assert refused.value.code == "organisation-number-checksum"


@pytest.mark.parametrize("text", ["", "212000239", "21200023950", "212000 2395", "2120٠02395", "8808112380"])
def test_what_has_another_shape_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(text)
    assert refused.value.code == "organisation-number-format"
