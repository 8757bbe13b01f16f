"""Templates: a folder per paper and version, kept for ever, so that an old paper can be made again byte for byte.

    papers/consent/1/paper.toml    which fields there are, by compartment; which editions; which letter
    papers/consent/1/sv.typ        the text of one edition, in Typst
    papers/consent/1/sample.json   an example; what its bytes must be stands in golden.json
    papers/common/1.typ            words that several papers of the service share: `common = 1` in paper.toml

A released version is never edited (golden.json says so): a better text is the next version.
"""

import json
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from samverkan.backbone.errors import Permanent, Refused
from samverkan.backbone.papers.content import EDITION, SALT, Content, deep, flat
from samverkan.schemas.event import COMPARTMENTS, Compartment

_LETTERS: Final = Path(__file__).parent / "letter"
_NETWORK: Final = re.compile(r"@(preview|local)/|\b(read|eval|plugin|image)\s*\(")


class TemplateInvalid(Permanent):
    """A template cannot be trusted: the service must not start. The text says which and why."""

    def __init__(self, sentence: str) -> None:
        super().__init__("template-invalid", sentence)


@dataclass(frozen=True)
class Shape:
    """The fields of one compartment. `lists`: name of a list → the fields of its entries."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """What a paper shows besides its content."""

    template: str
    version: int
    made_on: date
    registration: str | None


@dataclass(frozen=True)
class Source:
    """All that the typesetter gets. `timestamp`: seconds since 1970, of the metadata."""

    text: str
    data: str
    timestamp: int


@dataclass(frozen=True)
class Template:
    """One version of one paper. `core`: the compartment without which there is no paper."""

    name: str
    version: int
    folder: Path
    core: Compartment
    title: str
    letter: int
    editions: tuple[str, ...]
    shapes: Mapping[Compartment, Shape]
    common: Path | None = None

    def refuse_unfit(self, content: Content) -> None:
        """Refused `paper-incomplete`: a field is missing. TemplateInvalid: one that the template does not have.

        The details name fields of the template, never what stands in them.
        """
        missing, unknown = [], []
        for compartment in sorted(content.keys() | self.shapes.keys()):
            shape, fields = self.shapes.get(compartment, Shape()), content.get(compartment, {})
            missing += [name for name in shape.required if not fields.get(name)]
            unknown += [name for name in fields if name not in shape.required | shape.optional | shape.lists.keys()]
            for name, inner in shape.lists.items():
                entries = fields.get(name, [])
                if isinstance(entries, str) or any(set(entry) - set(inner) for entry in entries):
                    unknown.append(name)
        if unknown:
            raise TemplateInvalid(f"{self.name} {self.version} has no {', '.join(sorted(unknown))}")
        if missing:
            raise Refused("paper-incomplete", fields=", ".join(sorted(missing)))

    def source(
        self, facts: Facts, told: Mapping[Compartment, Mapping[str, str]], masked: Collection[Compartment] = ()
    ) -> Source:
        """What is typeset. Refused `paper-withheld`: the core compartment is not readable here.

        A compartment that is `masked`, or that the paper has and that cannot be read here, is shown as withheld.
        """
        if self.core in masked or self.core not in told:
            raise Refused("paper-withheld", compartments=self.core.value)
        edition = told[self.core].get(EDITION, self.editions[0])
        withheld = sorted({*masked, *(one for one in self.shapes if one not in told and self.shapes[one].required)})
        content = {
            one.value: deep({} if one in withheld else told.get(one, {}), shape.lists)
            for one, shape in self.shapes.items()
        }
        data = {
            **content,
            "paper": {
                "title": self.title,
                "version": str(facts.version),
                "made_on": facts.made_on.isoformat(),
                "registration": facts.registration,
            },
            "withheld": [one.value for one in withheld],
        }
        shared = "" if self.common is None else _read(self.common)
        text = _read(_LETTERS / f"{self.letter}.typ") + shared + self.text(edition)
        made_at = datetime(facts.made_on.year, facts.made_on.month, facts.made_on.day, tzinfo=UTC)
        return Source(text, json.dumps(data, ensure_ascii=False, sort_keys=True), int(made_at.timestamp()))

    def text(self, edition: str) -> str:
        """The Typst text of an edition. Refused `paper-edition-unknown`."""
        if edition not in self.editions:
            raise Refused("paper-edition-unknown", editions=", ".join(self.editions))
        return _read(self.folder / f"{edition}.typ")

    def lists(self, compartment: Compartment) -> Collection[str]:
        """The names of the lists of a compartment."""
        return self.shapes[compartment].lists if compartment in self.shapes else ()

    @cached_property
    def sample(self) -> dict[Compartment, dict[str, str]]:
        """The example's content, as it would be told by an event."""
        told = json.loads(_read(self.folder / "sample.json"))
        return {Compartment(one): flat(fields) for one, fields in told.items()}


class Templates:
    """The templates of a service."""

    def __init__(self, folder: Path) -> None:
        """Read them all. TemplateInvalid: one cannot be trusted; stop the start."""
        found = [_template(file.parent) for file in sorted(folder.glob("*/*/paper.toml"))]
        self._known = {(one.name, one.version): one for one in found}
        if not found:
            raise TemplateInvalid(f"there are no templates in {folder.name}")

    def all(self) -> list[Template]:
        """Every version of every paper."""
        return [self._known[key] for key in sorted(self._known)]

    def newest(self, name: str) -> Template:
        """What a new paper is made from. KeyError: no such paper."""
        return self._known[name, max(version for known, version in self._known if known == name)]

    def find(self, name: str, version: int) -> Template:
        """What an old paper was made from. Refused `paper-template-unknown`: made by a newer release."""
        if (name, version) not in self._known:
            raise Refused("paper-template-unknown", template=name, version=str(version))
        return self._known[name, version]


def _template(folder: Path) -> Template:
    name = f"{folder.parent.name}/{folder.name}"
    try:
        told: dict[str, Any] = tomllib.loads(_read(folder / "paper.toml"))
        shapes = {Compartment(one): _shape(fields) for one, fields in told["fields"].items()}
        core = Compartment(told["core"])
        shapes[core] = Shape(shapes[core].required | {SALT}, shapes[core].optional | {EDITION}, shapes[core].lists)
        template = Template(
            folder.parent.name,
            int(folder.name),
            folder,
            core,
            told["title"],
            int(told["letter"]),
            tuple(told["editions"]),
            shapes,
            folder.parent.parent / "common" / f"{int(told['common'])}.typ" if "common" in told else None,
        )
        shared = [_LETTERS / f"{template.letter}.typ", *([] if template.common is None else [template.common])]
        texts = [template.text(edition) for edition in template.editions] + [_read(file) for file in shared]
    except (KeyError, ValueError, OSError) as error:
        raise TemplateInvalid(f"{name} cannot be read: {type(error).__name__} {error}") from error
    if not shapes.keys() <= COMPARTMENTS:
        raise TemplateInvalid(f"{name} names a compartment that there is not")
    if not all(_NETWORK.search(text) is None for text in texts):
        raise TemplateInvalid(f"{name} reads a file, a package or code from elsewhere")
    return template


def _shape(told: Mapping[str, Any]) -> Shape:
    lists = {name: tuple(inner) for name, inner in told.get("lists", {}).items()}
    return Shape(frozenset(told.get("required", ())), frozenset(told.get("optional", ())), lists)


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")
