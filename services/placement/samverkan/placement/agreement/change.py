"""Changing a running placement: hours, pay, supervisor, tasks, a shorter or a longer time. Pure.

Nothing changes until every party has approved; a longer time with a decision of funding needs a new one besides
(an extension is a new decision, domain.md section 4 rule 1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from samverkan.backbone.errors import Refused
from samverkan.placement.agreement.proposal import refuse_extent, refuse_over, refuse_too_long
from samverkan.placement.agreement.state import Agreement, Applies, Change, Event
from samverkan.schemas.placement import (
    ChangeKind,
    PlacementChanged,
    PlacementChangeDropped,
    PlacementChangeProposed,
    PlacementExtended,
    PlacementProposed,
)


@dataclass(frozen=True)
class ProposeChange:
    """What shall be different from `applies_from` on; what is left out stays. Pay in kronor per month.

    A longer time applies from the day after the last one, whatever is said, and changes nothing else.
    """

    applies_from: date
    ends_on: date | None = None
    extent: Decimal | None = None
    gross_per_month: Decimal | None = None
    supervisor: str | None = None
    tasks: tuple[str, ...] | None = None
    withheld: bool = False


@dataclass(frozen=True)
class DropChange:
    """The proposed change will not happen: somebody said no, or it is out of date."""

    dropped_on: date


def propose_change(command: ProposeChange, agreement: Agreement, proposed: PlacementProposed) -> Sequence[Event]:
    """Another proposal takes the place of one that waits, and everyone is asked again.

    Refused: `not-started`, `change-outside-period`, `extent-outside-range`, `terms-without-wage`,
    `workplace-withheld`, `extension-alone`, `longest-time-passed`, `nothing-changes`.
    """
    refuse_over(agreement)
    now = agreement.applies
    if agreement.starts_on is None or now is None:
        raise Refused("not-started")
    applies = _changed(command, now, proposed)
    kinds = _kinds(now, applies)
    if agreement.change is not None and (agreement.change.kinds, agreement.change.applies) == (kinds, applies):
        return []
    if not kinds:
        raise Refused("nothing-changes")
    if ChangeKind.EXTENDED in kinds:
        if len(kinds) > 1:
            raise Refused("extension-alone")
        refuse_too_long(agreement.form, agreement.starts_on, applies.ends_on, proposed.longer_ground)
    else:
        first = max(agreement.starts_on, now.since)
        if not first <= applies.since <= now.ends_on or applies.ends_on < applies.since - timedelta(days=1):
            raise Refused("change-outside-period", starts_on=first.isoformat(), ends_on=now.ends_on.isoformat())
    refuse_extent(applies.extent)
    return [
        PlacementChangeProposed(
            case_id=proposed.case_id,
            revision=agreement.revision + 1,
            kinds=kinds,
            applies_from=applies.since,
            ends_on=applies.ends_on,
            extent=applies.extent,
            employment=applies.workplace,
            economy=applies.terms,
        )
    ]


def drop_change(command: DropChange, agreement: Agreement, proposed: PlacementProposed) -> Sequence[Event]:
    """Nothing when no change waits: dropping twice is dropping once. Refused: `already-ended`, `not-started`."""
    refuse_over(agreement)
    if agreement.starts_on is None:
        raise Refused("not-started")
    if agreement.change is None:
        return []
    return [
        PlacementChangeDropped(
            case_id=proposed.case_id, revision=agreement.change.revision, dropped_on=command.dropped_on
        )
    ]


def in_force(
    change: Change, proposed: PlacementProposed, agreed_on: date, *, withheld: bool = False
) -> PlacementChanged | PlacementExtended:
    """What the change becomes once nothing is missing. A longer time says nothing of the workplace: it is the same."""
    applies = change.applies
    if ChangeKind.EXTENDED in change.kinds:
        return PlacementExtended(
            case_id=proposed.case_id,
            revision=change.revision,
            applies_from=applies.since,
            ends_on=applies.ends_on,
            extent=applies.extent,
            economy=applies.terms,
        )
    return PlacementChanged(
        case_id=proposed.case_id,
        revision=change.revision,
        kinds=change.kinds,
        applies_from=applies.since,
        ends_on=applies.ends_on,
        extent=applies.extent,
        agreed_on=agreed_on,
        employment=None if withheld else applies.workplace,
        economy=applies.terms,
    )


def _changed(command: ProposeChange, now: Applies, proposed: PlacementProposed) -> Applies:
    workplace, terms = now.workplace, now.terms
    if command.supervisor is not None or command.tasks is not None:
        if workplace is None:
            raise Refused("workplace-withheld")
        changed = {"supervisor": command.supervisor, "tasks": command.tasks}
        workplace = workplace.model_copy(update={name: value for name, value in changed.items() if value is not None})
    if command.gross_per_month is not None:
        if terms is None:
            raise Refused("terms-without-wage", form=proposed.form)
        terms = terms.model_copy(update={"gross_per_month": command.gross_per_month})
    ends_on = now.ends_on if command.ends_on is None else command.ends_on
    return Applies(
        since=command.applies_from if ends_on <= now.ends_on else now.ends_on + timedelta(days=1),
        ends_on=ends_on,
        extent=now.extent if command.extent is None else command.extent,
        workplace=None if command.withheld else workplace,
        terms=terms,
    )


def _kinds(now: Applies, then: Applies) -> tuple[ChangeKind, ...]:
    differs = {
        ChangeKind.HOURS: now.extent != then.extent,
        ChangeKind.PAY: now.terms != then.terms,
        ChangeKind.SHORTENED: then.ends_on < now.ends_on,
        ChangeKind.EXTENDED: then.ends_on > now.ends_on,
    }
    if now.workplace is not None and then.workplace is not None:
        differs[ChangeKind.SUPERVISOR] = now.workplace.supervisor != then.workplace.supervisor
        differs[ChangeKind.TASKS] = now.workplace.tasks != then.workplace.tasks
    return tuple(kind for kind, is_so in differs.items() if is_so)
