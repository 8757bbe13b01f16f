"""Reads the conditions from the TOML files beside this module, once, at start-up."""

import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from samverkan.funding.conditions.conditions import (
    Conditions,
    InterestAddition,
    LendingRate,
    ReviewTime,
    SetOffShare,
)
from samverkan.funding.conditions.remedies import PaymentTime, Remedies
from samverkan.funding.rules.versions import RulesInvalid, Version, without_gaps


def load_conditions(folder: Traversable | None = None) -> Conditions:
    """Read and check every file. RulesInvalid or an OSError stops the start."""
    here = files("samverkan.funding.conditions") if folder is None else folder
    return Conditions(
        reviews=without_gaps(_read(ReviewTime, here, "review_time")),
        set_offs=without_gaps(_read(SetOffShare, here, "set_off_share")),
        interest=without_gaps(_read(InterestAddition, here, "interest_addition")),
        # Weeks that nobody has looked up are missing, so there are gaps; a week has one rate all the same.
        lending_rates=_apart(_read(LendingRate, here, "lending_rate")),
        remedies=_one_ordinance_a_form(_read(Remedies, here, "remedies")),
        payment_times=without_gaps(_read(PaymentTime, here, "payment_time")),
    )


V = TypeVar("V", bound=Version)


def _read(kind: type[V], folder: Traversable, name: str) -> list[V]:
    try:
        tables = tomllib.loads(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
        return [TypeAdapter(kind).validate_python(table, extra="forbid") for table in tables.get("version", [])]
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise RulesInvalid(f"{name}.toml: {error}") from None


def _apart(rates: list[LendingRate]) -> tuple[LendingRate, ...]:
    ordered = tuple(sorted(rates, key=lambda rate: rate.valid_from))
    for earlier, later in pairwise(ordered):
        if earlier.valid_until is None or later.valid_from <= earlier.valid_until:
            raise RulesInvalid(f"{later.id}: overlaps {earlier.id}")
    return ordered


def _one_ordinance_a_form(remedies: list[Remedies]) -> tuple[Remedies, ...]:
    """On no day do two versions tell of a form; a day before all of them may have none."""
    for form in {form for one in remedies for form in one.forms}:
        without_gaps([one for one in remedies if form in one.forms])
    return tuple(sorted(remedies, key=lambda one: (one.statute, one.valid_from)))
