"""What funding knows of Finsam as data: the days of the law, and who can be a member. Read and checked at start-up."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Final, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

from samverkan.backbone.errors import Refused
from samverkan.funding.rules.versions import RulesInvalid, Version, in_force, without_gaps

Kind = Literal["insurance", "region", "municipality"]
T = TypeVar("T")
_LEAP_YEAR: Final = 2024  # in which every month and day exists


@dataclass(frozen=True, kw_only=True)
class FinsamRule(Version):
    """`adopted_by` (of the year before) and `reported_by` (of the year after) are `month-day`."""

    adopted_by: str
    reported_by: str

    def __post_init__(self) -> None:
        super().__post_init__()
        for written in (self.adopted_by, self.reported_by):
            try:
                _on(written, _LEAP_YEAR)
            except ValueError:
                raise RulesInvalid(f"{self.id}: {written} is no day of a year") from None


@dataclass(frozen=True, kw_only=True)
class Member:
    """An organisation. `code`: organisation number, or municipality code of a municipality.

    `agency`: the one of the catalogue that is this organisation, where it runs one.
    """

    code: str
    kind: Kind
    title: str
    organisation_number: str | None = None
    agency: str | None = None


@dataclass(frozen=True)
class FinsamLaw:
    """The rules in every version, and the known organisations by code."""

    rules: tuple[FinsamRule, ...]
    members: Mapping[str, Member]

    def rule(self, year: int) -> FinsamRule:
        """The rule of a budget year. Refused `no-rule-in-force`: before the law."""
        return in_force(self.rules, date(year, 1, 1))

    def adopted_by(self, year: int) -> date:
        """The last day to adopt that year's budget."""
        return _on(self.rule(year).adopted_by, year - 1)

    def reported_by(self, year: int) -> date:
        """The last day to give that year's annual report."""
        return _on(self.rule(year).reported_by, year + 1)

    def member(self, code: str, kind: Kind) -> Member:
        """Refused `member-unknown`: no such organisation of that kind is in members.toml."""
        known = self.members.get(code)
        if known is None or known.kind != kind:
            raise Refused("member-unknown", member=code)
        return known

    def speaks_for(self, agency: str, party: str) -> bool:
        """Whether the agency is that organisation."""
        known = self.members.get(party)
        return known is not None and known.agency == agency


def load_law() -> FinsamLaw:
    """Read and check both files. RulesInvalid stops the start."""
    rules = without_gaps(_read("finsam", "version", FinsamRule))
    members = _read("members", "member", Member)
    by_code = {member.code: member for member in members}
    if len(by_code) != len(members):
        raise RulesInvalid("members.toml: an organisation stands there twice")
    return FinsamLaw(rules, by_code)


def _read(name: str, key: str, kind: type[T]) -> list[T]:
    try:
        tables = tomllib.loads(files("samverkan.funding.budget").joinpath(f"{name}.toml").read_text(encoding="utf-8"))
        return [TypeAdapter(kind).validate_python(table, extra="forbid") for table in tables.get(key, [])]
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise RulesInvalid(f"{name}.toml: {error}") from None


def _on(month_and_day: str, year: int) -> date:
    return date.fromisoformat(f"{year}-{month_and_day}")
