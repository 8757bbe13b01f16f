"""Signing a revision of a plan, for oneself or on behalf of another. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from samverkan.backbone.errors import Refused
from samverkan.intake.plan.state import Event, Plan, Words
from samverkan.intake.plan.writing import PARTICIPANT
from samverkan.schemas.support import PlanAgreed, PlanSigned, PlanWritten


@dataclass(frozen=True)
class SignPlan:
    """One party signs. `by_agency` records it: the participant signs on paper, before any agency.

    `on_behalf_because`: another one signs for the party (god man, a stand-in agency), and why.
    """

    party: str
    revision: int
    signed_on: date
    by_agency: str
    today: date
    on_behalf_because: str | None = None


def sign(command: SignPlan, plan: Plan, written: PlanWritten) -> Sequence[Event]:
    """The last signature brings the revision into force. Signing twice is signing once, also on another day.

    Refused: `day-in-future`, `plan-revision-not-current`, `plan-party-unknown`, `signed-before-written`,
    `on-behalf-without-reason`.
    """
    if command.revision != written.revision:
        raise Refused("plan-revision-not-current", revision=str(written.revision))
    if command.party not in written.parties:
        raise Refused("plan-party-unknown")
    if command.party in plan.signatures:
        return []
    if command.signed_on > command.today:
        raise Refused("day-in-future")
    if command.signed_on < written.written_on:
        raise Refused("signed-before-written", written_on=written.written_on.isoformat())
    because = command.on_behalf_because
    if command.party not in {PARTICIPANT, command.by_agency} and because is None:
        raise Refused("on-behalf-without-reason")
    _, health = Words(health=() if because is None else (because,)).sealed()
    signed = PlanSigned(
        case_id=written.case_id,
        revision=written.revision,
        party=command.party,
        signed_on=command.signed_on,
        on_behalf=because is not None,
        health=health,
    )
    signatures = {**plan.signatures, signed.party: signed}
    if set(written.parties) - signatures.keys():
        return [signed]
    agreed_on = max(one.signed_on for one in signatures.values())
    return [signed, PlanAgreed(case_id=written.case_id, revision=written.revision, agreed_on=agreed_on)]
