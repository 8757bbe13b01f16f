"""Which characters a paper can show; what it cannot is written out, for a paper never leaves anything out. Pure.

A name with a character that no embedded font has would be printed as an empty box, and one that turns the direction of
writing could make a paper say something else than it holds: both become their number, `[U+202E]`.
"""

from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import Final

from samverkan.backbone.papers.content import Content, Fields


@cache
def _ranges() -> tuple[list[int], list[int]]:
    firsts, lasts = [], []
    for line in (Path(__file__).parent / "glyphs.txt").read_text("ascii").split():
        first, _, last = line.partition("-")
        firsts.append(int(first, 16))
        lasts.append(int(last or first, 16))
    return firsts, lasts


_LINE_BREAKS: Final = "\n\t"


def shown(character: str) -> bool:
    """Whether the embedded fonts have it, and it is seen: neither control nor private nor turning."""
    firsts, lasts = _ranges()
    point = ord(character)
    place = bisect_right(firsts, point) - 1
    return place >= 0 and point <= lasts[place]


def printable(text: str) -> str:
    """The text with every character that cannot be shown written as its number."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one if one in _LINE_BREAKS or shown(one) else f"[U+{ord(one):04X}]" for one in text)


def printable_content(content: Content) -> Content:
    """The same for every text of a paper."""
    return {compartment: _fields(fields) for compartment, fields in content.items()}


def _fields(fields: Fields) -> Fields:
    return {
        name: printable(value)
        if isinstance(value, str)
        else [{inner: printable(text) for inner, text in entry.items()} for entry in value]
        for name, value in fields.items()
    }
