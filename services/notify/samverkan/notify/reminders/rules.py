"""When who is reminded of what: read from rules.toml once, at start-up."""

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from samverkan.backbone.calendar import last_of_month, next_working_day
from samverkan.backbone.settings import SettingsInvalid
from samverkan.schemas.catalogue import DEFAULT_AGENCIES, Role
from samverkan.schemas.notification import DeadlineKind

_FILE: Final = Path(__file__).with_name("rules.toml")


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Reminding(_Table):
    """How long before, and the roles of those who are told."""

    days_before: tuple[int, ...] = Field(min_length=1)
    roles: tuple[Role, ...] = Field(min_length=1)
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _descending(self) -> "Reminding":
        if list(self.days_before) != sorted(set(self.days_before), reverse=True) or self.days_before[-1] < 0:
            raise ValueError("days_before must fall, to 0 at the least")
        return self

    @cached_property
    def recipients(self) -> tuple[str, ...]:
        """The codes of the agencies with these roles."""
        return tuple(agency.code for agency in DEFAULT_AGENCIES if agency.role in self.roles)


class LastDay(_Table):
    """One version of the rule about the last day to claim; both days included."""

    valid_from: date
    valid_until: date | None = None
    days: int = Field(ge=1)
    source: str = Field(min_length=1)


class ClaimRule(Reminding):
    """Reminding of work months that nobody has claimed."""

    last_day: tuple[LastDay, ...] = Field(min_length=1)

    def due_on(self, work_month: date) -> date | None:
        """The last day on which the underlag of that month may arrive; None when no rule was in force."""
        ends = last_of_month(work_month)
        for version in self.last_day:
            if version.valid_from <= ends <= (version.valid_until or ends):
                return next_working_day(ends + timedelta(days=version.days))
        return None


class AssessmentRule(Reminding):
    """Reminding of the next assessment, so many months after the last."""

    every_months: int = Field(ge=1)


class FollowUpRule(Reminding):
    """Reminding of follow-ups, so many months after the exit."""

    after_months: tuple[int, ...] = Field(min_length=1)


class ActivityRule(Reminding):
    """Reminding of a plan's activities: one of `roles` of its own, `otherwise_roles` of everybody else's."""

    otherwise_roles: tuple[Role, ...] = Field(min_length=1)

    @cached_property
    def otherwise(self) -> tuple[str, ...]:
        """The codes of the agencies that are told of what others do."""
        return tuple(agency.code for agency in DEFAULT_AGENCIES if agency.role in self.otherwise_roles)


class BudgetRule(Reminding):
    """Reminding of a budget's adoption, in the year before, and of its annual report, in the year after (month-day)."""

    adopted_by: str = Field(pattern=r"^[0-9]{2}-[0-9]{2}$")
    reported_by: str = Field(pattern=r"^[0-9]{2}-[0-9]{2}$")

    def adoption_due_on(self, year: int) -> date:
        """The last day to adopt the budget of this year."""
        return date.fromisoformat(f"{year - 1:04}-{self.adopted_by}")

    def report_due_on(self, year: int) -> date:
        """The last day to give the annual report of this year."""
        return date.fromisoformat(f"{year + 1:04}-{self.reported_by}")


class Late(_Table):
    """How many days after its day a deadline may still be told of."""

    days: int = Field(ge=0)


class Rules(_Table):
    """All of rules.toml."""

    claim: ClaimRule
    decision: Reminding
    assessment: AssessmentRule
    follow_up: FollowUpRule = Field(alias="follow-up")
    budget: BudgetRule
    activity: ActivityRule
    late: Late

    def of(self, kind: DeadlineKind) -> Reminding:
        """How a kind is reminded of. KeyError: it is not."""
        return self._by_kind[kind]

    @cached_property
    def _by_kind(self) -> Mapping[DeadlineKind, Reminding]:
        return {
            DeadlineKind.CLAIM: self.claim,
            DeadlineKind.DECISION: self.decision,
            DeadlineKind.ASSESSMENT: self.assessment,
            DeadlineKind.FOLLOW_UP: self.follow_up,
            DeadlineKind.BUDGET: self.budget,
            DeadlineKind.ACTIVITY: self.activity,
        }

    @property
    def recipients(self) -> frozenset[str]:
        """Everyone who is reminded of anything."""
        return frozenset(code for rule in self._by_kind.values() for code in rule.recipients)


def read_rules(file: Path = _FILE) -> Rules:
    """The rules. SettingsInvalid: the file cannot be used, and the start stops."""
    try:
        return Rules.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise SettingsInvalid(f"the rules for reminders in {file.name} cannot be used: {error}") from None
