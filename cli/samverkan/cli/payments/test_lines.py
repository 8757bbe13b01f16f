"""Lines of a payment list: what is read, what is told, and that two equal payments are two."""

from uuid import UUID

import pytest

from samverkan.cli.payments.lines import Payment, payments
from samverkan.cli.referrals.columns import ColumnsUnusable
from samverkan.cli.referrals.table import Line, Sheet

DECISION = "22222222-2222-4222-8222-222222222222"
HEADER = ("Beslut", "Arbetsmånad", "Belopp", "Datum")


def sheet(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> Sheet:
    return Sheet(header, tuple(Line(number, row) for number, row in enumerate(rows, 2)), ";")


def test_a_line_becomes_the_body_of_its_request() -> None:
    (one,) = payments(sheet((DECISION, "2026-03", "21\u00a0027,20", "2026-05-12")))
    assert isinstance(one, Payment)
    assert one.compensation == UUID(DECISION)
    assert (one.body["work_month"], one.body["amount"], one.body["booked_on"]) == (
        "2026-03-01",
        "21027.20",
        "2026-05-12",
    )


def test_two_equal_lines_are_two_payments_and_the_same_list_again_is_no_news() -> None:
    row = (DECISION, "2026-03", "100,00", "2026-05-12")
    first, second = payments(sheet(row, row))
    assert isinstance(first, Payment) and isinstance(second, Payment)
    assert first.body["reference"] != second.body["reference"]
    assert [one.body["reference"] for one in payments(sheet(row, row)) if isinstance(one, Payment)] == [
        first.body["reference"],
        second.body["reference"],
    ]


def test_every_mistake_of_a_line_is_told_with_its_number_and_without_its_content() -> None:
    ((line, mistakes),) = (one for one in payments(sheet(("x", "2026-13", "-5", "12 maj"))) if isinstance(one, tuple))
    assert line.number == 2
    assert [mistake.code for mistake in mistakes] == [
        "decision-format",
        "month-format",
        "amount-format",
        "date-format",
    ]
    assert "12 maj" not in " ".join(mistake.reason for mistake in mistakes)


def test_an_amount_that_its_comma_split_in_two_cells_is_rejected_and_not_half_taken_in() -> None:
    ((_, mistakes),) = (
        one for one in payments(sheet((DECISION, "2026-03", "21027", "2026-05-12", "20"))) if isinstance(one, tuple)
    )
    assert [mistake.code for mistake in mistakes] == ["cells-too-many"]


def test_a_file_without_its_columns_is_told_which_are_missing() -> None:
    with pytest.raises(ColumnsUnusable, match="amount"):
        list(payments(sheet((DECISION,), header=("Beslut",))))
