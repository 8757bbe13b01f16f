"""Where the time of our own process goes: a part without floors and rivals, under py-spy."""

import os
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Final

from samverkan.cli.bench.place import place
from samverkan.cli.bench.size import Size
from samverkan.cli.up.say import progress, say
from samverkan.deploy.errors import BrokenSetUp
from samverkan.deploy.exits import OK

_ROWS: Final = 30
_PER_SECOND: Final = 200
_IMPORT: Final = "<frozen importlib"  # once in the life of a process
_WITHIN: Final = {
    "relay": "backbone/relay/",
    "apply": "backbone/subscription/",
    "rebuild": "backbone/rebuild/",
    "commands": "backbone/journal/commands.py",
}
"""What a part is about: what fills the journal or waits for the clock is left out. Other parts: everything counts."""


def profile(part: str, size: Size) -> int:
    """Run the part and print which functions its Python time was spent in; the stacks stay in a file. PartFailed: it
    ended without figures. BrokenSetUp: py-spy is not installed.

    Time in C is its caller's, and waiting is nobody's; what a database or broker does is not seen.
    """
    from samverkan.cli.bench.bench import run_part

    program = Path(sys.executable).with_name("py-spy")
    if not program.exists():
        raise BrokenSetUp("py-spy is not there: ./samverkan bench installs it, .venv/bin/python -m does not.")
    size = replace(size, repeats=1, events_of_many=0)
    file = Path(f"profile-{part}.txt").resolve()
    spy = [str(program), "record", "--rate", str(_PER_SECOND), "--format", "raw"]
    progress(f"{part} under py-spy, without floors and rivals")
    with place() as here:
        run_part(part, here, size, before=[*spy, "--output", str(file), "--"])
    say("")
    say(as_table(file.read_text(), _WITHIN.get(part, "")))
    say(f"\nAll stacks, for speedscope.app or flamegraph.pl: {os.path.relpath(file)}")
    return OK


def as_table(stacks: str, within: str = "") -> str:
    """Collapsed stacks (`outer;inner count`) as the functions with the largest shares, with and without callees.

    Only stacks that go through a file whose path contains `within` count, from there on; imports never do.
    """
    own: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for line in stacks.splitlines():
        stack, _, count = line.rpartition(" ")
        parts = stack.split(";")
        begin = next((number for number, frame in enumerate(parts) if within in frame), None)
        if begin is None or _IMPORT in stack:
            continue
        frames = [_function(frame) for frame in parts[begin:]]
        own[frames[-1]] += int(count)
        for frame in set(frames):
            whole[frame] += int(count)
    total = sum(own.values())
    if total == 0:
        return "No samples: it was too short."
    shown = sorted({*dict(own.most_common(_ROWS)), *dict(whole.most_common(_ROWS))}, key=lambda name: -whole[name])
    rows = [f"{whole[name] / total:6.1%} {own[name] / total:6.1%}  {name}" for name in shown]
    return "\n".join([" whole    own  function", *rows])


def _function(frame: str) -> str:
    """`name (path/module.py:12)` without the line, and without where the checkout and its libraries are."""
    name, _, place = frame.partition(" (")
    path = place.rstrip(")").rpartition(":")[0] or place.rstrip(")")
    for root in ("/site-packages/", "/samverkan/"):
        _, found, after = path.rpartition(root)
        if found:
            return f"{name} ({after})"
    return f"{name} ({Path(path).name})" if path else name
