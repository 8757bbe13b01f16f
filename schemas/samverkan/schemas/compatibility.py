"""`python -m samverkan.schemas.compatibility OLD_DIR`: may today's models be released after those schemas?

OLD_DIR is the `json/` folder of the release before. FULL_TRANSITIVE: every release reads what every other one writes,
for the log keeps everything and agencies upgrade when they can. So only optional fields come or go. What breaks that
ends with exit code 1; everything else says who should upgrade first. Compartments are compared inside the seal too.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from samverkan.schemas.catalogue import TOPICS, Topic
from samverkan.schemas.codec import EVENT_TYPES
from samverkan.schemas.wire_schema import wire_schema

Schema = Mapping[str, Any]

NEW_VERSION: Final = "make it a new version with an upcaster"


@dataclass(frozen=True)
class Change:
    """One difference. `upgrade` says who goes first, or why no order helps."""

    event: str
    field: str
    what: str
    breaks: bool
    upgrade: str

    def __str__(self) -> str:
        where = f"{self.event} {self.field}".strip()
        return f"{'BREAKS' if self.breaks else 'allowed'}: {where}: {self.what}; {self.upgrade}"


@dataclass(frozen=True)
class _Field:
    kind: str
    required: bool
    mark: str
    values: frozenset[str]
    name: str  # as in `Event.removed`: `field` or `Model.field`


def compare(old: Mapping[str, Schema], today: Mapping[str, Schema]) -> list[Change]:
    """What changed, by event; both are schemas by title (the wire type)."""
    changes = [
        Change(name, "", "no model reads it", True, "the log keeps such events: bring the class back, " + NEW_VERSION)
        for name in sorted(old.keys() - today.keys())
    ]
    for name in sorted(today):
        if name in old:
            changes += _compare(name, old[name], today[name])
        else:
            changes.append(Change(name, "", "new event", False, _readers(name) + ": others park its streams"))
    return changes


def _compare(event: str, old: Schema, today: Schema) -> Iterator[Change]:
    before, after = dict(_fields(old)), dict(_fields(today))
    removed_before, removed = frozenset(old.get("x-removed", ())), frozenset(today.get("x-removed", ()))

    def breaks(field: str, what: str, upgrade: str) -> Change:
        return Change(event, field, what, True, upgrade)

    for name in sorted(removed_before - removed):
        yield breaks(name, "no longer listed as removed", "a removed name is never used again: list it")
    for path in _outermost(before.keys() - after.keys()):
        if before[path].required:
            yield breaks(path, "required field removed", "no order helps, older readers refuse it: " + NEW_VERSION)
        elif before[path].name not in removed:
            yield breaks(path, "field removed but not listed", f'add "{before[path].name}" to `removed` of the event')
        else:
            yield Change(event, path, "optional field removed", False, _readers(event) + ", if they use it")
    for path in _outermost(after.keys() - before.keys()):
        if after[path].name in removed_before:
            yield breaks(path, "a removed name is used again", "old events carry it with its old meaning: rename it")
        elif after[path].required:
            yield breaks(path, "new required field", "no order helps, events in the log lack it: make it optional")
        else:
            yield Change(event, path, "new optional field", False, _writer(event) + ", then who wants to use it")
    for path in sorted(before.keys() & after.keys()):
        was, now = before[path], after[path]
        if was.kind != now.kind:
            yield breaks(path, f"type changed from {was.kind} to {now.kind}", "no order helps: " + NEW_VERSION)
        if was.mark != now.mark:
            yield breaks(path, f"moved from {was.mark} to {now.mark}", "who may read it would change: " + NEW_VERSION)
        if was.required and not now.required:
            yield breaks(path, "required field became optional", "older readers refuse events without it")
        if now.required and not was.required:
            yield breaks(path, "optional field became required", "events in the log lack it")
        for value in sorted(was.values - now.values):
            yield breaks(path, f"member {value} removed", "the log holds it: keep the member, stop writing it")
        for value in sorted(now.values - was.values):
            yield Change(event, path, f"new member {value}", False, _readers(event) + ": others read it as unknown")


def _fields(schema: Schema) -> Iterator[tuple[str, _Field]]:
    """Path → field, through compartments, lists (`[]`) and maps (`{}`)."""
    models = schema.get("$defs", {})

    def visit(path: str, described: Schema, *, required: bool, mark: str, name: str) -> Iterator[tuple[str, _Field]]:
        model = described.get("$ref", "").removeprefix("#/$defs/")
        content = {**described, **models.get(model, {})}
        mark = content.get("x-compartment", "open" if content.get("x-open") else mark)
        kind = " ".join(str(content[keyword]) for keyword in ("type", "format") if keyword in content)
        yield path, _Field(kind, required, mark, frozenset(content.get("x-known-values", ())), name)
        yield from properties(f"{path}.", content, mark, f"{model}." if model in models else "")
        for keyword, sign in (("items", "[]"), ("additionalProperties", "{}")):
            if isinstance(content.get(keyword), dict):
                yield from visit(path + sign, content[keyword], required=True, mark=mark, name=name)

    def properties(path: str, content: Schema, mark: str, model: str) -> Iterator[tuple[str, _Field]]:
        for name, described in content.get("properties", {}).items():
            required = name in content.get("required", ())
            yield from visit(path + name, described, required=required, mark=mark, name=model + name)

    yield from properties("", schema, "unmarked", "")


def _outermost(paths: set[str]) -> list[str]:
    """Without those that came or went with the field around them."""
    return [path for path in sorted(paths) if not any(path.startswith((f"{o}.", f"{o}[", f"{o}{{")) for o in paths)]


def _topics(event: str) -> list[Topic]:
    return [topic for topic in TOPICS if event in {model.wire_type() for model in topic.events}]


def _readers(event: str) -> str:
    names = [name for topic in _topics(event) for name in topic.receivers]
    return "readers first: " + (", ".join(names) or "all")


def _writer(event: str) -> str:
    names = [topic.owner for topic in _topics(event)]
    return "writer first: " + (", ".join(names) or "its owner")


def load(folder: Path) -> dict[str, Schema]:
    """The committed schemas of a release, by title."""
    schemas = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    return {schema["title"]: schema for schema in schemas}


def main(arguments: list[str]) -> int:
    """0: may be released. 1: breaks, on standard error. 2: OLD_DIR holds no schemas."""
    parser = argparse.ArgumentParser(prog="python -m samverkan.schemas.compatibility", description=__doc__)
    parser.add_argument("old", type=Path, metavar="OLD_DIR", help="the json/ folder of the release before")
    old = load(parser.parse_args(arguments).old)
    if not old:
        sys.stderr.write("OLD_DIR holds no schemas\n")
        return 2
    changes = compare(old, {name: wire_schema(event) for name, event in EVENT_TYPES.items()})
    for change in changes:
        (sys.stderr if change.breaks else sys.stdout).write(f"{change}\n")
    return 1 if any(change.breaks for change in changes) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
