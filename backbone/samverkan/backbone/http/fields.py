"""Texts that people write in bodies. The rest of a body's types stand in body.py."""

from typing import Annotated

from pydantic import StringConstraints

# Neither holds control characters: a line break in a name would end a mail header, an escape would colour a terminal.
# Blank is not an answer. Lengths are what a form shows without scrolling sideways, and a page.

Line = Annotated[
    str,
    StringConstraints(
        min_length=1,
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f-\x9f]*[^\x00-\x20\x7f-\xa0][^\x00-\x1f\x7f-\x9f]*$",
    ),
]
"""A name or a title, on one line."""

Passage = Annotated[
    str,
    StringConstraints(
        min_length=1,
        max_length=4_000,
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*[^\x00-\x20\x7f-\xa0][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$",
    ),
]
"""A reason or a description; may have line breaks and tabs."""
