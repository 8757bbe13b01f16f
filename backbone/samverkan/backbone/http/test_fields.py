"""Texts hold what people write, and nothing that a mail header or a terminal would obey."""

import pytest
from pydantic import TypeAdapter, ValidationError

from samverkan.backbone.http.fields import Line, Passage

LINE: TypeAdapter[str] = TypeAdapter(Line)
PASSAGE: TypeAdapter[str] = TypeAdapter(Passage)


@pytest.mark.parametrize("text", ["Ledsagarservice", "Åsa-Mårten d’Artagnan", "x", "a b", "语言", "🙂", "x" * 200])
def test_a_line_is_what_people_write(text: str) -> None:
    assert LINE.validate_python(text) == text
    assert PASSAGE.validate_python(text) == text


@pytest.mark.parametrize("text", ["", " ", "\u00a0 ", "x\ny", "x\r\nBcc: y", "\tx", "x\x1b[31m", "x\x85y", "x" * 201])
def test_a_line_is_not_blank_not_two_and_obeyed_by_nothing(text: str) -> None:
    with pytest.raises(ValidationError):
        LINE.validate_python(text)


def test_a_passage_may_have_paragraphs() -> None:
    assert PASSAGE.validate_python("One.\r\n\n\tTwo.") == "One.\r\n\n\tTwo."


@pytest.mark.parametrize("text", ["", "\n\t ", "x\x1by", "x" * 4_001])
def test_a_passage_is_not_blank_and_bounded(text: str) -> None:
    with pytest.raises(ValidationError):
        PASSAGE.validate_python(text)
