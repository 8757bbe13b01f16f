"""What queries about insatser read. Pure folds of funding's own events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.funding.insats.proposal import contribution_key
from samverkan.schemas.budget import (
    InsatsAgreed,
    InsatsEnded,
    InsatsMadeRegular,
    InsatsMethodDescribed,
    InsatsProposed,
    InsatsSigned,
    InsatsStarted,
)


@dataclass(frozen=True)
class InsatsRow:
    """An insats: `state` is proposed, agreed, project, regular or ended. `contributions` are kronor as texts, by
    `<party>/<year>/<kind>`; `yearly_cost` by party, once it is regular operation."""

    insats_id: UUID
    version: int = 0
    association: str | None = None
    title: str | None = None
    target_group: str | None = None
    state: str = "none"
    parties: tuple[str, ...] = ()
    steering_group: tuple[str, ...] = ()
    signed_by: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    places: int | None = None
    contributions: Mapping[str, str] = field(default_factory=dict)
    agreed_on: date | None = None
    started_on: date | None = None
    regular_from: date | None = None
    yearly_cost: Mapping[str, str] = field(default_factory=dict)
    last_day_on: date | None = None


class Insatser(View[InsatsRow]):
    """One row per insats."""

    table: ClassVar = "insats"
    row: ClassVar = InsatsRow
    events: ClassVar = (
        *(InsatsProposed, InsatsSigned, InsatsAgreed, InsatsStarted, InsatsMadeRegular, InsatsEnded),
        InsatsMethodDescribed,  # it changes no column but the version, which is the stream's
    )

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: InsatsRow, recorded: Recorded) -> InsatsRow:
        row = replace(row, version=recorded.envelope.version)
        match recorded.event:
            case InsatsProposed() as proposed:
                return InsatsRow(
                    row.insats_id,
                    version=row.version,
                    association=proposed.association,
                    title=proposed.title,
                    target_group=proposed.target_group,
                    state="proposed",
                    parties=proposed.parties,
                    steering_group=proposed.steering_group,
                    starts_on=proposed.starts_on,
                    ends_on=proposed.ends_on,
                    places=proposed.places,
                    contributions={key: str(amount) for key, amount in proposed.contributions.items()},
                )
            case InsatsSigned(party=party):
                return replace(row, signed_by=tuple(sorted({*row.signed_by, party})))
            case InsatsAgreed(agreed_on=day):
                return replace(row, state="agreed", agreed_on=day)
            case InsatsStarted(started_on=day):
                return replace(row, state="project", started_on=day)
            case InsatsMadeRegular(regular_from=day, yearly_cost=cost):
                yearly = {party: str(amount) for party, amount in cost.items()}
                return replace(row, state="regular", regular_from=day, yearly_cost=yearly)
            case InsatsEnded(last_day_on=day):
                return replace(row, state="ended", last_day_on=day)
            case _:
                return row


def agreed_money(row: InsatsRow | None, association: str | None, year: int | None) -> Decimal | None:
    """What the förbund may give the insats in that year; None when no agreement is in force."""
    if association is None or year is None or row is None or row.association != association:
        return None
    if row.state not in {"agreed", "project", "regular"}:
        return None
    return Decimal(row.contributions.get(contribution_key(association, year, "money"), "0.00"))
