"""What `up` does once everything is ready: plays Timrå, then compares replayed stores with the live ones.

The seam to the story player and the replay: each is a function `(…, run) -> int` that prints for itself and returns
an exit code. Looked up by name so that `up` starts without them; a missing one is said and counts as a failure.
"""

import importlib
from collections.abc import Callable
from typing import Any

from samverkan.cli.up.run import Run
from samverkan.cli.up.say import complain
from samverkan.deploy.exits import FAILED, OK
from samverkan.deploy.home import checkout

STORY = checkout() / "tests" / "stories" / "01-timra.yaml"


def play_timra(run: Run) -> int:
    """samverkan.cli.play.play_story(path, run): every expectation of the story was met."""
    return _call("samverkan.cli.play", "play_story", STORY, run)


def compare_replay(run: Run) -> int:
    """samverkan.cli.replay.compare_all(run): every agency's store is equal to a fold of the topics."""
    return _call("samverkan.cli.replay", "compare_all", run)


def everything(run: Run) -> int:
    """The first exit code that is not 0; the comparison is made also when the story failed."""
    codes = [play_timra(run), compare_replay(run)]
    return next((code for code in codes if code != OK), OK)


def _call(module: str, function: str, *arguments: Any) -> int:
    try:
        found: Callable[..., int] = getattr(importlib.import_module(module), function)
    except ModuleNotFoundError as missing:
        if missing.name != module:
            raise
        complain(f"{module} is not there, so {function} was not done.")
        return FAILED
    return found(*arguments)
