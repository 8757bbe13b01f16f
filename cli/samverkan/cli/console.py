"""Where tables and coloured lines go: colours and the terminal's width on a terminal, plain lines elsewhere."""

from typing import Final

from rich.console import Console

_PLAIN_WIDTH: Final = 160  # a file or a pipe cuts nothing off


def console() -> Console:
    """Standard output."""
    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=_PLAIN_WIDTH, no_color=True)
