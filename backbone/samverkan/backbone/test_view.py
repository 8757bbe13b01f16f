from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.sample_chapters.step import CASE


@dataclass(frozen=True)
class Row:
    case_id: UUID
    number: int = 0
    names: tuple[str, ...] = ()


class Rows(View[Row]):
    table = "row"
    row = Row

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        return [recorded.stream_id]

    def fold(self, row: Row, recorded: Recorded) -> Row:  # noqa: ARG002 - what is folded does not matter here
        return row


def test_a_replaced_row_is_an_equal_frozen_row_and_the_old_one_stays() -> None:
    before = Row(CASE)
    after = replace(before, number=2)
    assert (before, after) == (Row(CASE), Row(CASE, 2))
    assert hash(after) == hash(Row(CASE, 2)) and repr(after) == repr(Row(CASE, 2))
    with pytest.raises(AttributeError):
        after.number = 3  # type: ignore[misc]


def test_a_column_that_does_not_exist_cannot_be_replaced() -> None:
    unknown: dict[str, Any] = {"numbr": 1}
    with pytest.raises(TypeError, match="Row has no numbr"):
        replace(Row(CASE), **unknown)


def test_a_row_is_read_from_its_columns_with_arrays_as_tuples() -> None:
    assert Rows.from_columns([CASE, 2, ["a"]]) == Row(CASE, 2, ("a",))


def test_a_row_with_too_few_columns_is_no_row() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Rows.from_columns([CASE, 2])
