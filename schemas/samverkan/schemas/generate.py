"""`python -m samverkan.schemas.generate [--check]`: JSON Schemas, AsyncAPI, `events.md` and golden samples.

Schemas, AsyncAPI and that page follow the models. A sample follows nothing: it is written once, and from then on
proves that today's models still read what was sent then. `--check` writes nothing.

A tool for those who change the contracts: it needs PyYAML, which readers of events do not.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import yaml

from samverkan.schemas import codec, envelope, headers, record
from samverkan.schemas.asyncapi import asyncapi
from samverkan.schemas.contract_rules import faults
from samverkan.schemas.event import Event
from samverkan.schemas.golden import Golden
from samverkan.schemas.guide import guide
from samverkan.schemas.sample_story import story
from samverkan.schemas.upcasters import Registry
from samverkan.schemas.wire_schema import wire_schema

ROOT: Final = Path(__file__).parents[2]
JSON, SAMPLES = "samverkan/schemas/json", "samverkan/schemas/samples"


def file_name(event: type[Event]) -> str:
    """`<Name>.v<major>.json`, of schema and sample alike."""
    return f"{event.__name__}.v{event.major}.json"


@cache
def derived() -> Mapping[str, str]:
    """Path under `schemas/` → text, of every file that follows the models."""
    files = {
        f"{JSON}/{file_name(event)}": json.dumps(wire_schema(event), ensure_ascii=False, indent=2) + "\n"
        for event in codec.EVENT_TYPES.values()
    }
    header = "# Made by python -m samverkan.schemas.generate from the catalogue and the models: do not edit.\n"
    files["asyncapi.yaml"] = header + yaml.safe_dump(asyncapi(), sort_keys=False, allow_unicode=True, width=120)
    files["events.md"] = guide()
    return MappingProxyType(files)


def new_samples() -> dict[str, str]:
    """Path → text of the samples that sample_story.py tells; only those that are missing are ever written."""
    return {
        f"{SAMPLES}/{file_name(type(event))}": Golden.of(
            topic.name,
            str(around.stream_id).encode(),
            headers.to_headers(envelope.to_attributes(around)),
            codec.encode(event),
        ).text()
        for topic, around, event in story()
    }


def check(root: Path = ROOT) -> list[str]:
    """What is wrong with the committed files, each with how to mend it."""
    again = "mend: python -m samverkan.schemas.generate, then commit what it changed"
    problems = [fault for event in codec.EVENT_TYPES.values() for fault in faults(event)]
    files = derived()
    for path, text in files.items():
        if not (root / path).is_file():
            problems.append(f"{path} is missing; {again}")
        elif (root / path).read_text("utf-8") != text:
            problems.append(f"{path} differs from the models; {again}")
    names = {file_name(event) for event in codec.EVENT_TYPES.values()}
    for folder in (JSON, SAMPLES):
        problems += [
            f"{folder}/{found.name} belongs to no event; mend: git rm it if the event was never released, otherwise"
            " bring its class back and write an upcaster (upcasters.py)"
            for found in sorted((root / folder).glob("*"))
            if found.name not in names
        ]
    for name in sorted(names):
        sample = root / SAMPLES / name
        if not sample.is_file():
            problems.append(f"{SAMPLES}/{name} is missing; mend: tell the event in sample_story.py, then {again[6:]}")
        elif (wrong := _sample_fault(sample.read_text("utf-8"))) is not None:
            problems.append(
                f"{SAMPLES}/{name}: {wrong}; mend: the contract moved under a sample. Take the change of the model"
                " back or make it a new version (upcasters.py); only if the event was never released, delete the"
                f" sample, then {again[6:]}"
            )
    return problems


def write(root: Path = ROOT) -> list[str]:
    """Bring the derived files up to date and add missing samples; the paths that changed."""
    files = {
        path: text
        for path, text in derived().items()
        if not (root / path).is_file() or (root / path).read_text("utf-8") != text
    }
    files |= {path: text for path, text in new_samples().items() if not (root / path).is_file()}
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return list(files)


def _sample_fault(text: str) -> str | None:
    """Why this sample is not read and written as it was; None when it is, to the byte."""
    try:
        sample = Golden.parse(text)
        around = record.read(sample.topic, sample.key, sample.headers, sample.value).envelope
        as_written = codec.decode(around.type, sample.value, registry=Registry(codec.EVENT_TYPES, {}))
        if as_written.unknown_fields:
            return "holds fields that the model does not have"
        if codec.encode(as_written.event) != sample.value:
            return "its payload is written differently today"
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        return f"cannot be read ({wrong})"
    if headers.to_headers(envelope.to_attributes(around)) != sample.headers:
        return "its headers are written differently today"
    return None if Golden.of(sample.topic, sample.key, sample.headers, sample.value) == sample else "its leaf is wrong"


def main(arguments: list[str]) -> int:
    """0: all is as it should be. 1: what is not stands on standard error."""
    parser = argparse.ArgumentParser(prog="python -m samverkan.schemas.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is not up to date")
    parser.add_argument("--root", type=Path, default=ROOT, help="the folder that holds asyncapi.yaml")
    options = parser.parse_args(arguments)
    if not options.check:
        for path in write(options.root):
            print(f"wrote {path}")
    problems = check(options.root)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
