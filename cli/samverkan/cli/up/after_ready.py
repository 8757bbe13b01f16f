"""What `up` does once everything is ready: plays Timrå, then compares replayed stores with the live ones.

Each prints for itself and returns an exit code. Imported when called: a plain start needs neither.
"""

from samverkan.cli.up.run import Run
from samverkan.deploy.exits import OK
from samverkan.deploy.home import checkout

STORY = checkout() / "tests" / "stories" / "01-timra.yaml"


def play_timra(run: Run) -> int:
    """0 if every expectation of the story was met and the agencies agree."""
    from samverkan.cli.play import play_story

    return play_story(STORY, run)


def compare_replay(run: Run) -> int:
    """0 if every agency's store is equal to a fold of the topics."""
    from samverkan.cli.replay import compare_all

    return compare_all(run)


def everything(run: Run) -> int:
    """The first exit code that is not 0; the comparison is made also when the story failed."""
    codes = [play_timra(run), compare_replay(run)]
    return next((code for code in codes if code != OK), OK)
