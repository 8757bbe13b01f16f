"""Only the test numbers of Skatteverket's published list (domain.md section 5)."""

from datetime import date

import pytest

from samverkan.backbone.errors import Refused
from samverkan.intake.person_number import Sex, age_on, parse
from samverkan.intake.synthetic import PERSONNUMMER, SAMORDNINGSNUMMER


@pytest.mark.parametrize("digits", PERSONNUMMER)
def test_a_personnummer_is_read_with_and_without_hyphen(digits: str) -> None:
    person = parse(digits)
    assert person == parse(f"{digits[:8]}-{digits[8:]}")
    assert person.digits == digits
    assert person.born_on == date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    assert not person.is_coordination_number


@pytest.mark.parametrize("digits", SAMORDNINGSNUMMER)
def test_a_samordningsnummer_is_born_sixty_days_less(digits: str) -> None:
    person = parse(digits)
    assert person.is_coordination_number
    assert person.born_on.day == int(digits[6:8]) - 60


def test_the_third_serial_digit_tells_the_sex() -> None:
    assert parse("198808112380").sex is Sex.FEMALE
    assert parse("199006022397").sex is Sex.MALE


@pytest.mark.parametrize("digits", PERSONNUMMER + SAMORDNINGSNUMMER)
def test_any_other_check_digit_is_refused(digits: str) -> None:
    for other in set("0123456789") - {digits[-1]}:
        assert refusal(digits[:-1] + other) == "person-number-checksum"


@pytest.mark.parametrize("digits", PERSONNUMMER + SAMORDNINGSNUMMER)
def test_two_neighbouring_digits_exchanged_are_noticed(digits: str) -> None:
    for place in range(2, 11):
        first, second = digits[place], digits[place + 1]
        if first == second or {first, second} == {"0", "9"}:  # Luhn cannot see 09 ↔ 90
            continue
        swapped = digits[:place] + second + first + digits[place + 2 :]
        assert refusal(swapped) is not None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "person-number-format"),
        ("8808112380", "person-number-format"),
        ("198808112380 ", "person-number-format"),
        ("19880811+2380", "person-number-format"),
        ("１98808112380", "person-number-format"),
        ("178808112380", "person-number-century"),
        ("218808112380", "person-number-century"),
        ("198813112380", "person-number-date"),
        ("198802302380", "person-number-date"),
        ("198808602380", "person-number-date"),
        ("198808922380", "person-number-date"),
    ],
)
def test_what_is_no_number_is_refused_with_the_first_thing_wrong(text: str, code: str) -> None:
    assert refusal(text) == code


def test_neither_the_number_nor_a_refusal_prints_its_digits() -> None:
    assert "8808" not in repr(parse("198808112380"))
    with pytest.raises(Refused) as refused:
        parse("198808112381")
    assert "8808" not in repr(refused.value) + str(refused.value) + repr(refused.value.details)


def test_a_year_is_full_on_the_birthday() -> None:
    assert age_on(date(1988, 8, 11), date(2026, 8, 10)) == 37
    assert age_on(date(1988, 8, 11), date(2026, 8, 11)) == 38


def test_who_is_born_on_29_february_has_a_birthday_on_the_28th() -> None:
    assert age_on(date(2000, 2, 29), date(2026, 2, 27)) == 25
    assert age_on(date(2000, 2, 29), date(2026, 2, 28)) == 26
    assert age_on(date(2000, 2, 29), date(2028, 2, 28)) == 28


def test_before_birth_the_age_is_negative() -> None:
    assert age_on(date(2026, 1, 1), date(2025, 12, 31)) == -1


def refusal(text: str) -> str | None:
    try:
        parse(text)
    except Refused as refused:
        return refused.code
    return None
