"""docs/life-of-an-event.md names files: each is there, and the statements that carry the promises have a step."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "life-of-an-event.md").read_text("utf-8")
BACKBONE = ROOT / "backbone" / "samverkan" / "backbone"
NAMED = set(re.findall(r"`([\w./]+/[\w./]+)`", TEXT))


def test_every_file_that_is_named_is_there() -> None:
    assert len(NAMED) > 25
    missing = [name for name in sorted(NAMED) if not (ROOT / name).exists() and not (BACKBONE / name).exists()]
    assert missing == []


def test_the_steps_are_numbered_without_a_hole() -> None:
    numbers = [int(found) for found in re.findall(r"^([0-9]+)\. ", TEXT, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_steps_from_the_commit_to_the_cursor_name_their_statements() -> None:
    for statement in ("append", "lock_heads", "take_unsequenced", "number", "move_cursor", "move_offsets"):
        assert any(name.endswith(f"/{statement}.sql") for name in NAMED), statement
