"""Reads the rules from the TOML files beside this module, once, at start-up."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from samverkan.funding.rules.contributions import GeneralContribution, ReducedContribution, unambiguous
from samverkan.funding.rules.rulebook import (
    BENEFITS,
    FORMS,
    BenefitApplicationRule,
    BenefitRule,
    CreditDayRule,
    DeadlineRule,
    Rulebook,
    SupplementRule,
)
from samverkan.funding.rules.subsidies import AnyVersion
from samverkan.funding.rules.versions import RulesInvalid, Version, without_gaps


def load_rulebook(folder: Traversable | None = None) -> Rulebook:
    """Read and check every rule file. RulesInvalid or an OSError stops the start: no rule is ever guessed."""
    here = files("samverkan.funding.rules") if folder is None else folder
    contributions = _tables(here, "employer_contributions")
    return Rulebook(
        subsidies={form: _subsidies(here.joinpath("programmes"), form.value) for form in FORMS},
        supervision_support=_gapless(SupplementRule, here, "handledarstod"),
        general_contributions=without_gaps(_read(GeneralContribution, contributions, "general")),
        reduced_contributions=unambiguous(_read(ReducedContribution, contributions, "reduced")),
        deadlines=_gapless(DeadlineRule, here, "claim_deadline"),
        credit_days=_gapless(CreditDayRule, here, "credit_day"),
        benefits={kind: _gapless(BenefitRule, here.joinpath("benefits"), kind.value) for kind in BENEFITS},
        benefit_applications=_gapless(BenefitApplicationRule, here, "benefit_application"),
    )


V = TypeVar("V", bound=Version)

_SUBSIDIES: Final[TypeAdapter[list[AnyVersion]]] = TypeAdapter(list[AnyVersion])


def _subsidies(folder: Traversable, name: str) -> tuple[AnyVersion, ...]:
    try:
        versions = _SUBSIDIES.validate_python(_tables(folder, name).get("version", []), extra="forbid")
    except ValidationError as error:
        raise RulesInvalid(f"{name}.toml: {error}") from None
    return without_gaps(versions)


def _gapless(kind: type[V], folder: Traversable, name: str) -> tuple[V, ...]:
    return without_gaps(_read(kind, _tables(folder, name), "version"))


def _tables(folder: Traversable, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RulesInvalid(f"{name}.toml: {error}") from None


def _read(kind: type[V], tables: Mapping[str, Any], key: str) -> list[V]:
    try:
        return [TypeAdapter(kind).validate_python(table, extra="forbid") for table in tables.get(key, [])]
    except ValidationError as error:
        raise RulesInvalid(f"{kind.__name__}: {error}") from None
