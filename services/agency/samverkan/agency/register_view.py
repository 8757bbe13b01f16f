"""The employer register and its openings, for agencies that may see where people work. Owned by samverkan.placement.

Who an opening was offered to or filled by is not kept here: it would show the workplace of a case without its consent.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.employer import EmployerChecked, EmployerDeregistered, EmployerRegistered
from samverkan.schemas.opening import (
    OpeningDeclined,
    OpeningFilled,
    OpeningOffered,
    OpeningPublished,
    OpeningReopened,
    OpeningWithdrawn,
)


@dataclass(frozen=True)
class EmployerRow:
    """An employer. `checks`: kind → whether nothing stands against it, and the day."""

    organisation_id: UUID
    organisation_number: str | None = None
    employer_name: str | None = None
    sector: str | None = None
    conditions: str | None = None
    registered_on: date | None = None
    deregistered_on: date | None = None
    checks: Mapping[str, Any] = field(default_factory=dict)


class RegisteredEmployers(View[EmployerRow]):
    """One row per employer in the register."""

    table: ClassVar = "registered_employer"
    row: ClassVar = EmployerRow
    events: ClassVar = (EmployerRegistered, EmployerChecked, EmployerDeregistered)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """The employer."""
        return [recorded.stream_id]

    def fold(self, row: EmployerRow, recorded: Recorded) -> EmployerRow:
        """What holds now."""
        match recorded.event:
            case EmployerRegistered() as registered:
                named = registered.employment
                return replace(
                    row,
                    organisation_number=registered.organisation_number,
                    employer_name=row.employer_name if named is None else named.employer_name,
                    sector=registered.sector.value,
                    conditions=registered.conditions.value,
                    registered_on=registered.registered_on,
                    deregistered_on=None,
                )
            case EmployerChecked() as check:
                told = {"passed": check.passed, "checked_on": check.checked_on.isoformat()}
                return replace(row, checks={**row.checks, check.kind.value: told})
            case EmployerDeregistered(deregistered_on=day):
                return replace(row, deregistered_on=day)
            case _:
                return row


@dataclass(frozen=True)
class OpeningRow:
    """A place that waits for a participant: `state` is open, offered, filled or withdrawn."""

    opening_id: UUID
    state: str = "open"
    organisation_id: UUID | None = None
    forms: tuple[str, ...] = ()
    municipality: str | None = None
    occupation: str | None = None
    extent_least: Decimal | None = None
    extent_most: Decimal | None = None
    available_from: date | None = None
    available_until: date | None = None
    workplace: str | None = None
    tasks: tuple[str, ...] = ()


class WaitingOpenings(View[OpeningRow]):
    """One row per opening."""

    table: ClassVar = "waiting_opening"
    row: ClassVar = OpeningRow
    events: ClassVar = (
        OpeningPublished,
        OpeningOffered,
        OpeningDeclined,
        OpeningFilled,
        OpeningReopened,
        OpeningWithdrawn,
    )

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """The opening."""
        return [recorded.stream_id]

    def fold(self, row: OpeningRow, recorded: Recorded) -> OpeningRow:
        """How far it has come."""
        match recorded.event:
            case OpeningPublished() as published:
                return _published(row, published)
            case OpeningOffered():
                return replace(row, state="offered")
            case OpeningFilled():
                return replace(row, state="filled")
            case OpeningDeclined() | OpeningReopened():
                return replace(row, state="open")
            case OpeningWithdrawn():
                return replace(row, state="withdrawn")
            case _:
                return row


def _published(row: OpeningRow, published: OpeningPublished) -> OpeningRow:
    work = published.employment
    return replace(
        row,
        state="open",
        organisation_id=published.organisation_id,
        forms=tuple(form.value for form in published.forms),
        municipality=published.municipality,
        occupation=published.occupation,
        extent_least=published.extent_least,
        extent_most=published.extent_most,
        available_from=published.available_from,
        available_until=published.available_until,
        workplace=None if work is None else work.workplace,
        tasks=() if work is None else work.tasks,
    )
