"""Approving: every party, the same revision. The last one makes the agreement, or the change of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from samverkan.backbone.errors import Refused
from samverkan.placement.agreement.change import in_force
from samverkan.placement.agreement.proposal import refuse_over
from samverkan.placement.agreement.state import Agreement, Change, Event
from samverkan.schemas.catalogue import AGENCIES
from samverkan.schemas.placement import (
    ChangeKind,
    OnBehalf,
    PlacementAgreed,
    PlacementApproved,
    PlacementExtensionAgreed,
    PlacementProposed,
)


@dataclass(frozen=True)
class ApprovePlacement:
    """One party approves what is proposed now, before the start the agreement, afterwards a change of it.

    `revision`: the one that was read; None is the present one. `agency` registers it; an agency that is a party
    approves itself, and another one in its place needs `on_behalf_reason`. Participant and employer have no access
    of their own: what they signed is registered by an agency. `withheld`: see `ProposePlacement`.
    """

    party: str
    approved_on: date
    revision: int | None = None
    agency: str | None = None
    on_behalf_reason: str | None = None
    withheld: bool = False


def approve(command: ApprovePlacement, agreement: Agreement, proposed: PlacementProposed) -> Sequence[Event]:
    """Refused: `party-unknown`, `approval-of-another`, `revision-changed`, `already-ended`, `already-cancelled`,
    `nothing-to-approve`. Approving twice is approving once, also on another day."""
    if command.party not in proposed.parties:
        raise Refused("party-unknown")
    refuse_over(agreement)
    if command.revision is not None and command.revision != agreement.revision:
        raise Refused("revision-changed", revision=str(agreement.revision))
    if any(approval.party == command.party for approval in agreement.approvals):
        return []
    if agreement.starts_on is not None and (agreement.change is None or agreement.change.agreed_on is not None):
        raise Refused("nothing-to-approve")
    codes = {known.code for known in AGENCIES}
    if command.party in codes and command.agency not in (None, command.party) and command.on_behalf_reason is None:
        raise Refused("approval-of-another", party=command.party)
    approved = PlacementApproved(
        party=command.party,
        approved_on=command.approved_on,
        revision=None if agreement.revision == 1 else agreement.revision,
        on_behalf=None if command.on_behalf_reason is None else True,
        employment=None if command.on_behalf_reason is None else OnBehalf(reason=command.on_behalf_reason),
    )
    approvals = (*agreement.approvals, approved)
    if {approval.party for approval in approvals} != set(proposed.parties):
        return [approved]
    agreed_on = max(approval.approved_on for approval in approvals)
    if agreement.change is not None:
        return [approved, *_changed(command, agreement, agreement.change, proposed, agreed_on)]
    return [approved, _agreed(command, agreement, proposed, agreed_on)]


def _agreed(
    command: ApprovePlacement, agreement: Agreement, proposed: PlacementProposed, agreed_on: date
) -> PlacementAgreed:
    return PlacementAgreed(
        case_id=proposed.case_id,
        form=proposed.form,
        starts_on=proposed.starts_on,
        ends_on=proposed.ends_on,
        extent=proposed.extent,
        agreed_on=agreed_on,
        revision=proposed.revision,
        again=True if agreement.was_agreed else None,
        employment=None if command.withheld else proposed.employment,
        economy=proposed.economy,
    )


def _changed(
    command: ApprovePlacement, agreement: Agreement, change: Change, proposed: PlacementProposed, agreed_on: date
) -> Sequence[Event]:
    if ChangeKind.EXTENDED not in change.kinds or not agreement.form.needs_decision:
        return [in_force(change, proposed, agreed_on, withheld=command.withheld)]
    return [
        PlacementExtensionAgreed(
            case_id=proposed.case_id,
            revision=change.revision,
            form=proposed.form,
            applies_from=change.applies.since,
            ends_on=change.applies.ends_on,
            extent=change.applies.extent,
            agreed_on=agreed_on,
            economy=change.applies.terms,
        )
    ]
