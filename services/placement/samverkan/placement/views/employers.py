"""The employer register and the openings, as queries read them. Pure folds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.placement.employer import Employer
from samverkan.schemas.employer import (
    CheckKind,
    Conditions,
    EmployerChecked,
    EmployerDeregistered,
    EmployerRegistered,
    Sector,
    WorkplaceRegistered,
)
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
    """An employer. `checks`: the latest of each kind, as its event says it."""

    employer_id: UUID
    version: int = 0
    organisation_number: str | None = None
    employer_name: str | None = None
    sector: str | None = None
    conditions: str | None = None
    pays_electronically: bool | None = None
    registered_on: date | None = None
    deregistered_on: date | None = None
    checks: Mapping[str, Any] = field(default_factory=dict)

    def as_state(self) -> Employer:
        """What criteria are held against."""
        if self.organisation_number is None or self.registered_on is None:
            return Employer()
        registered = EmployerRegistered(
            organisation_number=self.organisation_number,
            sector=Sector(self.sector or "unknown"),
            conditions=Conditions(self.conditions or "unknown"),
            pays_electronically=bool(self.pays_electronically),
            registered_on=self.registered_on,
        )
        checks = {CheckKind(kind): EmployerChecked.model_validate(check) for kind, check in self.checks.items()}
        return Employer(registered, checks=checks, deregistered_on=self.deregistered_on)


class Employers(View[EmployerRow]):
    """One row per employer."""

    table: ClassVar = "employer"
    row: ClassVar = EmployerRow
    events: ClassVar = (EmployerRegistered, WorkplaceRegistered, EmployerChecked, EmployerDeregistered)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """The employer."""
        return [recorded.stream_id]

    def fold(self, row: EmployerRow, recorded: Recorded) -> EmployerRow:
        """What holds now."""
        row = replace(row, version=recorded.envelope.version)
        match recorded.event:
            case EmployerRegistered() as registered:
                named = registered.employment
                return replace(
                    row,
                    organisation_number=registered.organisation_number,
                    employer_name=row.employer_name if named is None else named.employer_name,
                    sector=registered.sector.value,
                    conditions=registered.conditions.value,
                    pays_electronically=registered.pays_electronically,
                    registered_on=registered.registered_on,
                    deregistered_on=None,
                )
            case EmployerChecked() as check:
                told = check.model_dump(mode="json", exclude_none=True)
                return replace(row, checks={**row.checks, check.kind.value: told})
            case EmployerDeregistered(deregistered_on=day):
                return replace(row, deregistered_on=day)
            case _:
                return row


@dataclass(frozen=True)
class SiteRow:
    """A workplace with its supervisors."""

    site_id: UUID
    employer_id: UUID | None = None
    workplace: str | None = None
    municipality: str | None = None
    supervisors: tuple[str, ...] = ()


class Sites(View[SiteRow]):
    """One row per workplace of an employer."""

    table: ClassVar = "employer_site"
    row: ClassVar = SiteRow
    events: ClassVar = (WorkplaceRegistered,)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """The workplace."""
        event = recorded.event
        assert isinstance(event, WorkplaceRegistered)
        return [event.site_id]

    def fold(self, row: SiteRow, recorded: Recorded) -> SiteRow:
        """What holds now."""
        event = recorded.event
        assert isinstance(event, WorkplaceRegistered)
        row = replace(row, employer_id=recorded.stream_id, municipality=event.municipality)
        if (site := event.employment) is None:
            return row
        return replace(row, workplace=site.workplace, supervisors=site.supervisors)


@dataclass(frozen=True)
class OpeningRow:
    """An opening. `holder` is the case that it is offered to or filled by, None also for a protected participant."""

    opening_id: UUID
    version: int = 0
    state: str = "open"
    employer_id: UUID | None = None
    forms: tuple[str, ...] = ()
    municipality: str | None = None
    occupation: str | None = None
    extent_least: Decimal | None = None
    extent_most: Decimal | None = None
    available_from: date | None = None
    available_until: date | None = None
    demands: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    workplace: str | None = None
    supervisor: str | None = None
    tasks: tuple[str, ...] = ()
    carved_for: UUID | None = None
    holder: UUID | None = None
    changed_on: date | None = None


class Openings(View[OpeningRow]):
    """One row per opening."""

    table: ClassVar = "opening"
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
        """What holds now."""
        row = replace(row, version=recorded.envelope.version, changed_on=recorded.event.effective_on())
        match recorded.event:
            case OpeningPublished() as published:
                return _published(row, published)
            case OpeningOffered(employment=to):
                return replace(row, state="offered", holder=None if to is None else to.case_id)
            case OpeningFilled(employment=to):
                return replace(row, state="filled", holder=None if to is None else to.case_id)
            case OpeningDeclined() | OpeningReopened():
                return replace(row, state="open", holder=None)
            case OpeningWithdrawn():
                return replace(row, state="withdrawn", holder=None)
            case _:
                return row


def _published(row: OpeningRow, published: OpeningPublished) -> OpeningRow:
    row = replace(
        row,
        state="open",
        employer_id=published.organisation_id,
        forms=tuple(form.value for form in published.forms),
        municipality=published.municipality,
        occupation=published.occupation,
        extent_least=published.extent_least,
        extent_most=published.extent_most,
        available_from=published.available_from,
        available_until=published.available_until,
        demands=published.demands,
        offers=published.offers,
    )
    if (work := published.employment) is None:
        return row
    return replace(
        row, workplace=work.workplace, supervisor=work.supervisor, tasks=work.tasks, carved_for=work.carved_for
    )
