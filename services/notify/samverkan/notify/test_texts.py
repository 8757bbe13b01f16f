"""Every refusal is explained, in Swedish, in English and in the README."""

from pathlib import Path

from samverkan.backbone.testing import refusals


def test_every_refusal_has_its_texts_and_its_line_in_the_readme() -> None:
    refusals.check(Path(__file__).parent)
