"""The union's opinion (SFS 2000:628 §9a): asked for, and come or not come in time. It is not a consent. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from samverkan.backbone.errors import Refused
from samverkan.placement.agreement.proposal import refuse_begun
from samverkan.placement.agreement.state import Agreement, Event
from samverkan.schemas.placement import ConsultationReason, UnionAsked, UnionConsulted, UnionOpinion

UNION_REPLY_DAYS: Final = 10  # AF's usual time to reply, if it states none (SFS 2000:628 §9a gives no number)


@dataclass(frozen=True)
class AskUnion:
    """AF asks for the opinion. `reply_by`: by when it must come; ten days when it is left out."""

    asked_on: date
    reply_by: date | None = None


@dataclass(frozen=True)
class RecordUnionOpinion:
    """The union answered, or did not answer in time. `reason`: why AF goes on although the union said no."""

    opinion: UnionOpinion
    consulted_on: date
    asked_on: date | None = None
    reply_by: date | None = None
    reason: str | None = None


def ask(command: AskUnion, agreement: Agreement) -> Sequence[Event]:
    """Refused: `union-not-needed`, `already-consulted`, `reply-before-asked`, and `already-asked` with other dates."""
    asked = UnionAsked(
        asked_on=command.asked_on, reply_by=command.reply_by or command.asked_on + timedelta(days=UNION_REPLY_DAYS)
    )
    if agreement.asked == asked:
        return []
    _refuse_unneeded(agreement)
    refuse_begun(agreement)
    if agreement.consulted is not None:
        raise Refused("already-consulted", consulted_on=agreement.consulted.consulted_on.isoformat())
    if asked.reply_by < asked.asked_on:
        raise Refused("reply-before-asked", asked_on=asked.asked_on.isoformat())
    if agreement.asked is not None:
        raise Refused("already-asked", reply_by=agreement.asked.reply_by.isoformat())
    return [asked]


def consult(command: RecordUnionOpinion, agreement: Agreement) -> Sequence[Event]:
    """Refused: `union-not-needed`, `reply-date-missing`, `reply-date-not-passed`, `reason-missing`, and
    `already-consulted` with another answer."""
    _refuse_unneeded(agreement)
    reply_by = command.reply_by
    if reply_by is None and command.asked_on is not None:
        reply_by = command.asked_on + timedelta(days=UNION_REPLY_DAYS)
    if agreement.asked is not None:
        reply_by = agreement.asked.reply_by  # what was stated to the union holds
    if command.opinion is UnionOpinion.NO_REPLY:
        if reply_by is None:
            raise Refused("reply-date-missing")
        if command.consulted_on <= reply_by:
            raise Refused("reply-date-not-passed", reply_by=reply_by.isoformat())
    if command.opinion is UnionOpinion.NO and command.reason is None:
        raise Refused("reason-missing")
    consulted = UnionConsulted(
        opinion=command.opinion,
        consulted_on=command.consulted_on,
        reply_by=reply_by,
        employment=None if command.reason is None else ConsultationReason(reason=command.reason),
    )
    if agreement.consulted == consulted:
        return []
    if agreement.consulted is not None:
        raise Refused("already-consulted", consulted_on=agreement.consulted.consulted_on.isoformat())
    refuse_begun(agreement)
    return [consulted]


def _refuse_unneeded(agreement: Agreement) -> None:
    if not agreement.form.needs_union:
        raise Refused("union-not-needed", source=agreement.form.union_source)
