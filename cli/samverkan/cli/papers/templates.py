"""`samverkan papers list` and `render`: the templates of all services, and an example of one."""

import json
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from samverkan.backbone.errors import Refused
from samverkan.backbone.papers.content import EDITION, SALT, deep, flat
from samverkan.backbone.papers.glyphs import printable_content
from samverkan.backbone.papers.template import Facts, Template, TemplateInvalid, Templates
from samverkan.backbone.papers.typeset import typeset
from samverkan.cli.up.say import complain, say
from samverkan.deploy.exits import FAILED, OK, USAGE
from samverkan.schemas.catalogue import TOPICS
from samverkan.schemas.event import Compartment

_EXAMPLE_DAY: Final = date(2026, 2, 4)


def templates_of() -> dict[str, Templates]:
    """The templates of each service that has any, by the service's name. TemplateInvalid: one cannot be trusted."""
    found = {}
    for topic in TOPICS:
        spec = find_spec(f"samverkan.{topic.owner}")
        folder = Path(next(iter(spec.submodule_search_locations))) / "papers" if spec is not None else None  # type: ignore[arg-type]
        if folder is not None and folder.is_dir():
            found[topic.owner] = Templates(folder)
    return found


def list_templates() -> int:
    """A line for each template."""
    for service, templates in templates_of().items():
        for one in templates.all():
            say(f"{one.name} {one.version}  {one.title} ({service}): {', '.join(one.editions)}")
            for compartment, shape in sorted(one.shapes.items()):
                names = sorted(shape.required - {SALT}) + [f"{name}?" for name in sorted(shape.optional - {EDITION})]
                names += [f"{name}[{', '.join(inner)}]" for name, inner in sorted(shape.lists.items())]
                say(f"    {compartment}: {', '.join(names)}")
    return OK


def render_example(name: str, to: Path, *, sample: Path | None, edition: str | None, version: int | None) -> int:
    """Write an example of the template as PDF; the exit code."""
    try:
        template = _find(name, version)
        told = template.sample if sample is None else _read(sample)
        core = {SALT: "0" * 32, **told.get(template.core, {}), EDITION: edition or template.editions[0]}
        flattened = {**told, template.core: core}
        content = {one: deep(fields, template.lists(one)) for one, fields in flattened.items()}
        template.refuse_unfit(printable_content(content))
        flattened = {one: flat(fields) for one, fields in printable_content(content).items()}
        source = template.source(Facts(template.name, template.version, _EXAMPLE_DAY, "2026-17"), flattened)
    except Refused as refused:
        complain(f"{name} cannot be made: {refused.code} {refused.details}")
        return USAGE
    except (NoSuchTemplate, TemplateInvalid, OSError, ValueError) as wrong:
        complain(str(wrong))
        return USAGE
    try:
        made = typeset(source.text, source.data, source.timestamp)
    except RuntimeError as wrong:
        complain(str(getattr(wrong, "diagnostic", wrong)))
        return FAILED
    to.write_bytes(made)
    say(f"{to}: {len(made)} bytes")
    return OK


class NoSuchTemplate(ValueError):
    """Told to the user as it is."""


def _find(name: str, version: int | None) -> Template:
    known = [one for templates in templates_of().values() for one in templates.all()]
    fitting = [one for one in known if one.name == name and version in (None, one.version)]
    if not fitting:
        raise NoSuchTemplate(
            f"there is no template {name}; there are {', '.join(sorted({one.name for one in known}))}."
        )
    return max(fitting, key=lambda one: one.version)


def _read(sample: Path) -> dict[Compartment, dict[str, str]]:
    return {Compartment(one): flat(fields) for one, fields in json.loads(sample.read_text("utf-8")).items()}
