"""Changing a decision: other hours, another pay, an earlier end. An extension is a new decision. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from samverkan.backbone.calendar import last_of_month
from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.evolve import Event, evolve
from samverkan.funding.compensation.in_force import granted, settled
from samverkan.funding.compensation.segments import expected, full_month, periods
from samverkan.funding.compensation.state import Application, Compensation
from samverkan.funding.compensation.two_persons import is_attested, prepared_by_another
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.funding.terms import check_extent, check_gross
from samverkan.schemas.decisions import AmendmentPrepared, CompensationAmended, Pay
from samverkan.schemas.funding import DecidedAmounts
from samverkan.schemas.recovery import CorrectionCause, CorrectionNeeded

_MATTER = "amendment"


@dataclass(frozen=True)
class Change:
    """What holds from `valid_from`; None stays as it is. `gross_per_month` is kronor at the extent that then holds."""

    valid_from: date
    extent: Decimal | None = None
    gross_per_month: Decimal | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class PrepareAmendment:
    """A handläggare prepares a change; one that was prepared before and not attested is replaced."""

    prepared_by: str
    prepared_on: date
    change: Change


@dataclass(frozen=True)
class AttestAmendment:
    """Another one decides it."""

    attested_by: str
    decided_on: date


def prepare_amendment(rules: Rulebook, command: PrepareAmendment, compensation: Compensation) -> Sequence[Event]:
    """Refused: as `settled`; `amendment-empty`, `amendment-outside-decision`, `extension-is-a-new-decision`,
    `extent-invalid`, `gross-invalid`, and what makes the amounts impossible to compute."""
    settled(compensation)
    change = command.change
    amended(rules, change, compensation, command.prepared_by, command.prepared_by, command.prepared_on)
    event = AmendmentPrepared(
        prepared_by=command.prepared_by,
        prepared_on=command.prepared_on,
        valid_from=change.valid_from,
        extent=change.extent,
        ends_on=change.ends_on,
        economy=None if change.gross_per_month is None else Pay(gross_per_month=change.gross_per_month),
    )
    known = compensation.prepared.get(_MATTER)
    return [] if known is not None and known.event == event else [event]


def attest_amendment(rules: Rulebook, command: AttestAmendment, compensation: Compensation) -> Sequence[Event]:
    """Refused: as `prepare_amendment` and `prepared_by_another`. Computed months that it changes need a correction."""
    if is_attested(compensation, _MATTER, command.attested_by, command.decided_on):
        return []
    settled(compensation)
    prepared = prepared_by_another(compensation, _MATTER, command.attested_by, command.decided_on)
    event = prepared.event
    assert isinstance(event, AmendmentPrepared)
    gross = None if event.economy is None else event.economy.gross_per_month
    change = Change(event.valid_from, event.extent, gross, event.ends_on)
    decided = amended(rules, change, compensation, prepared.by, command.attested_by, command.decided_on)
    return [decided, *wrong_months(compensation, _wrong_from(change), CorrectionCause.DECISION_CHANGED)]


def amended(
    rules: Rulebook, change: Change, compensation: Compensation, prepared_by: str, attested_by: str, decided_on: date
) -> CompensationAmended:
    """The decision as changed, with its amounts. Refused: what `prepare_amendment` says of the change."""
    application, rule_version = granted(compensation)
    before = _terms_on(change, compensation, application)
    extent = before.extent if change.extent is None else change.extent
    gross = before.gross_per_month if change.gross_per_month is None else change.gross_per_month
    ends_on = before.ends_on if change.ends_on is None else change.ends_on
    assert extent is not None and ends_on is not None
    if (extent, gross, ends_on) == (before.extent, before.gross_per_month, before.ends_on):
        raise Refused("amendment-empty")
    if before.ends_on is not None and ends_on > before.ends_on:
        raise Refused("extension-is-a-new-decision", ends_on=before.ends_on.isoformat())
    if ends_on < change.valid_from:
        raise Refused("amendment-outside-decision")
    check_extent(extent)
    if gross is None or application.economy is None:
        raise Refused("economy-unreadable")
    check_gross(gross)
    event = CompensationAmended(
        case_id=application.case_id,
        placement_id=application.placement_id,
        decided_on=decided_on,
        prepared_by=prepared_by,
        attested_by=attested_by,
        valid_from=change.valid_from,
        extent=extent,
        ends_on=ends_on,
        rule_version=rule_version,
        economy=DecidedAmounts(
            gross_per_month=gross,
            birth_year=application.economy.birth_year,
            cost_per_month=Decimal(0),
            credit_per_month=Decimal(0),
            own_cost_per_month=Decimal(0),
            credit_in_all=Decimal(0),
        ),
    )
    return event.model_copy(update={"economy": _amounts(rules, evolve(compensation, event), event)})


def wrong_months(
    compensation: Compensation, from_day: date, cause: CorrectionCause, until: date = date.max
) -> Iterator[CorrectionNeeded]:
    """The claimed months with a day from `from_day` to `until`: each has to be computed again, and is told once."""
    for month, claim in sorted(compensation.claims.items()):
        touched = month <= until and last_of_month(month) >= from_day
        if touched and claim.calculated and not claim.forfeited and claim.needs_correction is None:
            yield CorrectionNeeded(work_month=month, cause=cause)


def _wrong_from(change: Change) -> date:
    """The first day whose months are computed otherwise: pay is what the return says, so a change of it is none."""
    if change.extent is None and change.ends_on is not None:
        return change.ends_on + timedelta(days=1)
    return change.valid_from if change.extent is not None else date.max


def _terms_on(change: Change, compensation: Compensation, application: Application) -> Change:
    """What holds on the day of the change. Refused `amendment-outside-decision`."""
    for period in periods(compensation):
        if period.first_on <= change.valid_from <= period.last_on:
            return Change(change.valid_from, period.extent, period.gross_per_month, compensation.ends_on)
    raise Refused("amendment-outside-decision", starts_on=application.starts_on.isoformat())


def _amounts(rules: Rulebook, after: Compensation, event: CompensationAmended) -> DecidedAmounts:
    assert event.economy is not None
    month = full_month(rules, after, periods(after)[-1])
    in_all = sum((amounts.credit for _, amounts in expected(rules, after)), Decimal(0))
    return DecidedAmounts(
        gross_per_month=event.economy.gross_per_month,
        birth_year=event.economy.birth_year,
        cost_per_month=month.cost,
        credit_per_month=month.credit,
        own_cost_per_month=month.own_cost,
        credit_in_all=in_all,
    )
