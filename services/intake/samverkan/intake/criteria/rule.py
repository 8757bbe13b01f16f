"""The shape of a programme's criteria. Pure; load.py reads them from the TOML files of this folder."""

from dataclasses import dataclass
from datetime import date, timedelta

from samverkan.backbone.errors import SamverkanError
from samverkan.schemas.participant import Programme


class CriteriaInvalid(SamverkanError):
    """The criteria cannot be trusted: the service must not start. The message names the version and what is wrong."""

    def __init__(self, what: str) -> None:
        super().__init__("criteria-invalid", what)


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One fact and what it must be: `equals` yes or no, or a number from `at_least` to `at_most`."""

    fact: str
    equals: bool | None = None
    at_least: int | None = None
    at_most: int | None = None

    def __post_init__(self) -> None:
        if (self.equals is None) == (self.at_least is None and self.at_most is None):
            raise CriteriaInvalid(f"{self.fact}: either equals, or at_least and at_most")


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """Met when every condition of one of the ways in `any` holds; without a way it is never met.

    `code` names it, `refusal` is the code when it is not met, `source` its legal ground.
    """

    code: str
    refusal: str
    source: str
    any: tuple[tuple[Condition, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The criteria of one programme for enrolments from `valid_from` to `valid_until`, both included.

    Not `verified`: there were criteria that nobody has held against their source; nothing is guessed.
    """

    id: str
    programme: Programme
    valid_from: date
    valid_until: date | None = None
    source: str
    remark: str | None = None
    verified: bool = True
    criteria: tuple[Criterion, ...] = ()

    def __post_init__(self) -> None:
        if not self.source.strip() or not all(criterion.source.strip() for criterion in self.criteria):
            raise CriteriaInvalid(f"{self.id}: no source")
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise CriteriaInvalid(f"{self.id}: ends before it begins")
        if self.verified is not bool(self.criteria):
            raise CriteriaInvalid(f"{self.id}: a verified version has criteria, another has none")

    def covers(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def follows(self, earlier: "Rule") -> bool:
        """Whether it begins on the day after the earlier one ends."""
        return earlier.valid_until is not None and self.valid_from == earlier.valid_until + timedelta(days=1)
