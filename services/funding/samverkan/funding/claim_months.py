"""Every work month of a granted compensation: claimed or open, and how long it can still be claimed. Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from samverkan.backbone.calendar import months_between
from samverkan.funding.claim_view import ClaimRow
from samverkan.funding.compensation_view import CompensationRow
from samverkan.funding.deadlines import last_day_to_claim
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.schemas.funding import ClaimLine


@dataclass(frozen=True)
class ClaimMonth:
    """One work month (its first day). Kronor.

    `state`: `open` (claim it by `last_day_on`), `lapsed` (not claimed in time), or that of its claim (ClaimState).
    `due` is still to be credited, what is `withheld` of it for a recovery included; `excess` was paid too much.
    `needs_correction` says why the month has to be computed again. `days_left` counts to the last day and is there
    only while it is open.
    """

    work_month: date
    state: str
    last_day_on: date
    days_left: int | None = None
    received_on: date | None = None
    credit_by: date | None = None
    credited_on: date | None = None
    gross_paid: Decimal | None = None
    cost: Decimal | None = None
    credit: Decimal | None = None
    own_cost: Decimal | None = None
    lines: tuple[ClaimLine, ...] = ()
    due: Decimal = Decimal(0)
    withheld: Decimal = Decimal(0)
    excess: Decimal = Decimal(0)
    recovered: Decimal = Decimal(0)
    waived: Decimal = Decimal(0)
    needs_correction: str | None = None
    order_id: UUID | None = None


def claim_months(
    rules: Rulebook,
    compensation: CompensationRow,
    claims: Iterable[ClaimRow],
    last_day_on: date | None,
    today: date,
) -> list[ClaimMonth]:
    """The months of the decided period, until the placement's last day when that is known; none before the grant."""
    starts_on, ends_on = compensation.starts_on, compensation.ends_on
    if compensation.rule_version is None or starts_on is None or ends_on is None:
        return []
    known = {claim.work_month: claim for claim in claims}
    until = ends_on if last_day_on is None else min(ends_on, last_day_on)
    months = sorted({*months_between(starts_on, until), *(month for month in known if month is not None)})
    return [_month(month, last_day_to_claim(rules, month), known.get(month), today) for month in months]


def _month(month: date, last_day: date, claim: ClaimRow | None, today: date) -> ClaimMonth:
    if claim is None or claim.received_on is None:
        days_left = (last_day - today).days
        if days_left < 0:
            return ClaimMonth(month, "lapsed", last_day)
        return ClaimMonth(month, "open", last_day, days_left)
    return ClaimMonth(
        month,
        claim.state or "submitted",
        last_day,
        received_on=claim.received_on,
        credit_by=claim.credit_by,
        credited_on=claim.credited_on,
        gross_paid=claim.gross_paid,
        cost=claim.cost,
        credit=claim.credit,
        own_cost=claim.own_cost,
        lines=tuple(ClaimLine.model_validate(line) for line in json.loads(claim.lines or "[]")),
        due=claim.due,
        withheld=claim.withheld,
        excess=claim.excess,
        recovered=claim.recovered,
        waived=claim.waived,
        needs_correction=claim.needs_correction,
        order_id=claim.order_id,
    )
