"""`python -m samverkan.backbone.testing.golden_papers`: says what the bytes of each template's example are, for ever.

`golden.json` beside a template holds the SHA-256 of its example in each edition, and the engine that made it. It is
written once; from then on it proves that papers of that version can still be made again byte for byte. Of a version
that was never released, delete it and write it anew.
"""

import hashlib
import json
import sys
from datetime import date
from pathlib import Path
from typing import Final

from samverkan.backbone.papers.content import EDITION
from samverkan.backbone.papers.template import Facts, Template, Templates
from samverkan.backbone.papers.typeset import engine, typeset

ROOT: Final = Path(__file__).parents[4]
MADE_ON: Final = date(2026, 2, 4)
_REGISTRATION: Final = "2026-17"


def folders() -> list[Path]:
    """Where each service keeps its templates."""
    return sorted(ROOT.glob("services/*/samverkan/*/papers"))


def example(template: Template, edition: str) -> bytes:
    """The template's example as PDF."""
    told = {one: dict(fields) for one, fields in template.sample.items()}
    told[template.core][EDITION] = edition
    source = template.source(Facts(template.name, template.version, MADE_ON, _REGISTRATION), told)
    return typeset(source.text, source.data, source.timestamp)


def made(template: Template) -> dict[str, str]:
    """What the examples are today."""
    hashes = {edition: hashlib.sha256(example(template, edition)).hexdigest() for edition in template.editions}
    return {"engine": engine(), **hashes}


def wrong(template: Template) -> list[str]:
    """What is not as it was, a sentence each."""
    file, name = template.folder / "golden.json", f"{template.name}/{template.version}"
    if not file.is_file():
        return [f"{name} has no golden.json: python -m samverkan.backbone.testing.golden_papers"]
    golden, today = json.loads(file.read_text("utf-8")), made(template)
    return [
        f"{name} {part} is {today.get(part)} and was {golden.get(part)}: a released template is never edited, and its"
        " engine is kept (docs/papers.md)"
        for part in sorted(golden.keys() | today.keys())
        if golden.get(part) != today.get(part)
    ]


def main() -> int:
    """Write what is missing; 1 when something is not as it was."""
    templates = [template for folder in folders() for template in Templates(folder).all()]
    for template in templates:
        file = template.folder / "golden.json"
        if not file.is_file():
            file.write_text(json.dumps(made(template), indent=2) + "\n", "utf-8")
    sentences = [sentence for template in templates for sentence in wrong(template)]
    sys.stderr.writelines(f"{sentence}\n" for sentence in sentences)
    return 1 if sentences else 0


if __name__ == "__main__":
    sys.exit(main())
