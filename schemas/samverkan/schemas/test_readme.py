"""The tables of README.md are those of the code."""

from pathlib import Path

from samverkan.schemas.attributes import ATTRIBUTES
from samverkan.schemas.catalogue import MAY_SEE, TOPICS
from samverkan.schemas.event import Compartment
from samverkan.schemas.record import RecordRefused
from samverkan.schemas.unreadable import Unreadable

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def rows(heading: str) -> list[str]:
    """The rows of the first table under a heading."""
    lines = README.partition(f"## {heading}\n")[2].splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("|---")) + 1
    return [line for line in lines[start : lines.index("", start)] if line.startswith("|")]


def test_the_table_of_attributes() -> None:
    assert rows("A record") == [
        f"| {entry.name} | {'always' if entry.required else 'optional'} | {entry.means} |" for entry in ATTRIBUTES
    ]


def test_the_table_of_topics() -> None:
    assert rows("Topics") == [f"| {topic.name} | {topic.owner} | {', '.join(topic.receivers)} |" for topic in TOPICS]


def test_the_table_of_roles() -> None:
    assert rows("Compartments") == [
        f"| {role} | {', '.join(member for member in Compartment if member in seen) or 'nothing'} |"
        for role, seen in MAY_SEE.items()
    ]


def test_every_code_that_reading_may_give_is_explained() -> None:
    kinds = Unreadable.__subclasses__()
    assert RecordRefused in kinds  # who imports it has imported them all
    explained = " ".join(rows("What is promised"))
    codes = {
        word.strip("`:;,.")
        for kind in kinds
        for word in (kind.__doc__ or "").split()
        if word.startswith("`") and "-" in word
    }
    assert {"event-type-unknown", "payload-invalid", "key-not-subject"} <= codes
    assert sorted(code for code in codes if code not in explained) == []
