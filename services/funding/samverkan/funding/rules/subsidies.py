"""What a rule version of a programme says: how its support is computed and how long it lasts. Pure; data in *.toml.

Each way of computing is a class of its own, named in the data by `method`. Kronor a month at full time; shares of 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from samverkan.funding.rules.versions import RulesInvalid, Version


@dataclass(frozen=True, kw_only=True)
class SubsidyRule(Version):
    """What every version says. Periods in months; `months_in_all` None: no longest time in all.

    `need_after_months`: support beyond so many months needs a motivated need. `requalify_after_months`: after so many
    months without support the longest time is counted anew. `uses` names the facts of `terms.FormFacts` that it asks.
    """

    uses: ClassVar[frozenset[str]] = frozenset()
    months_at_a_time: int = 0
    months_in_all: int | None = None
    need_after_months: int | None = None
    requalify_after_months: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.verified and self.months_at_a_time < 1:
            raise RulesInvalid(f"{self.id}: no longest time of a decision (months_at_a_time)")
        if self.months_in_all is not None and self.months_in_all < self.months_at_a_time:
            raise RulesInvalid(f"{self.id}: a decision may be longer than all of them together")


@dataclass(frozen=True, kw_only=True)
class ShareOfWageCost(SubsidyRule):
    """`rate` of gross and contributions; gross counts up to `gross_cap`."""

    method: Literal["share-of-wage-cost"]
    rate: Decimal
    gross_cap: Decimal
    uses: ClassVar = frozenset({"supervision_support", "second_year_need"})

    def __post_init__(self) -> None:
        super().__post_init__()
        _share(self.id, "rate", self.rate)
        _positive(self.id, "gross_cap", self.gross_cap)


@dataclass(frozen=True, kw_only=True)
class DailyCap(SubsidyRule):
    """`rate` of gross and contributions, at most `daily_cap` kronor for each supported working day at full time."""

    method: Literal["daily-cap"]
    rate: Decimal
    daily_cap: Decimal

    def __post_init__(self) -> None:
        super().__post_init__()
        _share(self.id, "rate", self.rate)
        _positive(self.id, "daily_cap", self.daily_cap)


@dataclass(frozen=True, kw_only=True)
class Step:
    """From so many months of absence: how many times the contributions that are due, and the full ones, it gives."""

    absent_from_months: int
    times_due: Decimal
    times_full: Decimal


@dataclass(frozen=True, kw_only=True)
class Group:
    """A way in for persons of some ages: `basis` is absence, newly-arrived or job-programme.

    `longest_months` is the longest time in all; with `as_long_as_absence` it is the absence, and that at most.
    """

    basis: Literal["absence", "newly-arrived", "job-programme"]
    from_age: int
    to_age: int | None = None
    absent_months: int = 0
    longest_months: int
    as_long_as_absence: bool = False


@dataclass(frozen=True, kw_only=True)
class ContributionMultiple(SubsidyRule):
    """A multiple of the employer contributions on gross up to `gross_cap`, by how long the person was absent."""

    method: Literal["contributions"]
    gross_cap: Decimal
    steps: Sequence[Step]
    groups: Sequence[Group]
    uses: ClassVar = frozenset({"absence_months", "newly_arrived", "in_job_programme", "born_on"})

    def __post_init__(self) -> None:
        super().__post_init__()
        _positive(self.id, "gross_cap", self.gross_cap)
        months = [step.absent_from_months for step in self.steps]
        if not months or months[0] != 0 or months != sorted(set(months)):
            raise RulesInvalid(f"{self.id}: the steps must begin at 0 months and rise")
        if not self.groups:
            raise RulesInvalid(f"{self.id}: nobody may have it (groups)")


@dataclass(frozen=True, kw_only=True)
class AssessedReduction(SubsidyRule):
    """The share that AF has assessed, of gross up to `gross_cap` with contributions and insurance.

    `extra_support_at_most` kronor a month come besides, for costs that the employer has as host of the person.
    """

    method: Literal["assessed-reduction"]
    gross_cap: Decimal
    extra_support_at_most: Decimal
    uses: ClassVar = frozenset({"assessed_reduction", "insurance_share", "extra_support"})

    def __post_init__(self) -> None:
        super().__post_init__()
        _positive(self.id, "gross_cap", self.gross_cap)


@dataclass(frozen=True, kw_only=True)
class NoWage(SubsidyRule):
    """No employment: the employer pays no wage and gets no compensation; the person may have a benefit.

    `months_after_job_days`: how long it may last once that many benefit days of the programme are used.
    """

    method: Literal["no-wage"]
    job_days: int | None = None
    months_after_job_days: int | None = None
    months_reinforced: int | None = None
    uses: ClassVar = frozenset({"job_benefit_days", "reinforced"})


@dataclass(frozen=True, kw_only=True)
class Repealed(Version):
    """The programme is repealed: no new decisions."""

    method: Literal["repealed"]


@dataclass(frozen=True, kw_only=True)
class NotVerified(Version):
    """There was a rule, whose content nobody has held against its source."""

    method: Literal["not-verified"]

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.verified:
            raise RulesInvalid(f"{self.id}: has no content and cannot be verified")


AnyVersion = Annotated[
    ShareOfWageCost | DailyCap | ContributionMultiple | AssessedReduction | NoWage | Repealed | NotVerified,
    Field(discriminator="method"),
]


def _share(rule: str, name: str, share: Decimal) -> None:
    if not 0 < share <= 1:
        raise RulesInvalid(f"{rule}: {name} must be a share of 1")


def _positive(rule: str, name: str, amount: Decimal) -> None:
    if amount <= 0:
        raise RulesInvalid(f"{rule}: {name} must be above 0")
