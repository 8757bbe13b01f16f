"""Reads the criteria from the TOML files beside this module."""

import tomllib
from collections.abc import Collection
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import Final

from pydantic import TypeAdapter, ValidationError

from samverkan.intake.criteria.rule import CriteriaInvalid, Rule

_VERSIONS: Final[TypeAdapter[list[Rule]]] = TypeAdapter(list[Rule])


def load_rules(facts: Collection[str], folder: Traversable | None = None) -> tuple[Rule, ...]:
    """Every version of every programme. CriteriaInvalid: a fact that there is not, a gap, an overlap, a bad file."""
    here = files("samverkan.intake.criteria") if folder is None else folder
    rules: list[Rule] = []
    for file in sorted((file for file in here.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name):
        rules += _checked(_read(file), facts)
    return tuple(rules)


def _read(file: Traversable) -> list[Rule]:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        programme = file.name.removesuffix(".toml")
        versions = [{"programme": programme, **version} for version in tables.get("version", [])]
        return _VERSIONS.validate_python(versions, extra="forbid")
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise CriteriaInvalid(f"{file.name}: {error}") from None


def _checked(versions: list[Rule], facts: Collection[str]) -> list[Rule]:
    for rule in versions:
        asked = {condition.fact for criterion in rule.criteria for way in criterion.any for condition in way}
        if unknown := asked - set(facts):
            raise CriteriaInvalid(f"{rule.id}: there is no fact {', '.join(sorted(unknown))}")
    for earlier, later in pairwise(versions):
        if not later.follows(earlier):
            raise CriteriaInvalid(f"{later.id}: does not begin on the day after {earlier.id} ends")
    return versions
