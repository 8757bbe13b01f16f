"""`python -m samverkan.cli.bench.page`: writes the tables of docs/performance anew from the JSON named there."""

import re
import sys
from pathlib import Path
from typing import Final

from samverkan.cli.bench.plotting import DRAWINGS
from samverkan.cli.bench.report import as_markdown, from_json
from samverkan.deploy.home import checkout

PAGE: Final = checkout() / "docs" / "performance" / "README.md"
_TABLES: Final = re.compile(r"(<!-- figures of (\S+\.json), .*? -->\n)(.*?)(<!-- end of figures -->)", re.DOTALL)


def with_tables(page: str, folder: Path) -> str:
    """The page with the tables of the files in `folder` that it names. ValueError: it names none."""
    written, count = _TABLES.subn(lambda found: f"{found[1]}\n{_tables(folder, found[2])}\n{found[4]}", page)
    if count == 0:
        raise ValueError(
            "the page has no place for figures: <!-- figures of FILE.json, … --> … <!-- end of figures -->"
        )
    return written


def _tables(folder: Path, name: str) -> str:
    file = folder / name
    drawings = {drawing: file.with_name(f"{drawing}.svg") for drawing in DRAWINGS}
    drawn = [f"![{name}]({one.relative_to(folder).as_posix()})" for name, one in drawings.items() if one.exists()]
    return "\n".join([*drawn, "", as_markdown(from_json(file.read_bytes()))])


def main() -> int:
    PAGE.write_text(with_tables(PAGE.read_text(), PAGE.parent))
    return 0


if __name__ == "__main__":
    sys.exit(main())
