"""Participations as statistics count them: this never leaves intake. A pure fold of its own events."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from samverkan.backbone.clock import stockholm_date
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.intake.person_number import parse
from samverkan.intake.statistics.participation import Circumstances, Participation
from samverkan.schemas.course import (
    AnonymousParticipationCounted,
    CaseReopened,
    FollowUpCounted,
    FollowUpRecorded,
)
from samverkan.schemas.participant import ParticipantEnrolled, ParticipantReferred, ReferralRepeated
from samverkan.schemas.person import IdentityChanged, ProtectionMarked

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class ParticipationRow:
    """The participations of one case. `spells` are those between a referral and its exit: the programmes enrolled in,
    each with the day when that was recorded, and what follows them all, by moment. Of an anonymous participant and of
    one without readable identity no sex is known, and nothing is counted here."""

    case_id: UUID
    sex: str | None = None
    anonymous: bool = False
    spells: tuple[Entry, ...] = ()


class Participations(View[ParticipationRow]):
    """One row per case."""

    table: ClassVar = "statistics_participation"
    row: ClassVar = ParticipationRow
    events: ClassVar = (
        *(ParticipantReferred, ReferralRepeated, IdentityChanged, ParticipantEnrolled, CaseReopened),
        *(FollowUpRecorded, FollowUpCounted, ProtectionMarked, AnonymousParticipationCounted),
    )

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """The case."""
        return [recorded.stream_id]

    def fold(self, row: ParticipationRow, recorded: Recorded) -> ParticipationRow:
        """Take over what the event says."""
        match recorded.event:
            case ParticipantReferred() | ReferralRepeated() | IdentityChanged() as told:
                if told.identity is None or row.anonymous:
                    return row
                return replace(row, sex=parse(told.identity.person_number).sex.value)
            case ParticipantEnrolled(programme=programme):
                known = _spell(row)
                enrolled = {"programme": programme.value, "counted_on": _day(recorded)}
                return _with(row, {**known, "enrolled": [*known["enrolled"], enrolled]})
            case FollowUpRecorded() as told:
                return _followed_up(row, told, recorded)
            case FollowUpCounted(moment=moment):
                known = _spell(row)
                moments = {name: entry for name, entry in known["moments"].items() if name != moment.value}
                return _with(row, {**known, "moments": moments})
            case ProtectionMarked():  # from now on follow-ups are counted by sex and year, and so are earlier ones
                return replace(row, spells=tuple({**spell, "moments": {}} for spell in row.spells))
            case CaseReopened():
                return replace(row, spells=(*row.spells, _new()))
            case AnonymousParticipationCounted():
                return ParticipationRow(row.case_id, anonymous=True)
            case _:
                return row


def participations(row: ParticipationRow) -> list[Participation]:
    """Each enrolment of the case; none without a sex to count it by."""
    if row.sex is None:
        return []
    found = []
    for spell in row.spells:
        moments = {
            name: Circumstances(date.fromisoformat(entry["counted_on"]), entry["livelihood"], entry["occupation"])
            for name, entry in spell["moments"].items()
        }
        found += [
            Participation(
                row.case_id, one["programme"], date.fromisoformat(one["counted_on"]), sex=row.sex, moments=moments
            )
            for one in spell["enrolled"]
        ]
    return found


def _followed_up(row: ParticipationRow, told: FollowUpRecorded, recorded: Recorded) -> ParticipationRow:
    """A correction changes what was told, never when it is counted."""
    known = _spell(row)
    earlier = known["moments"].get(told.moment.value)
    entry = {
        "counted_on": _day(recorded) if earlier is None else earlier["counted_on"],
        "livelihood": {} if told.economy is None else dict(told.economy.sources),
        "occupation": {} if told.employment is None else dict(told.employment.occupations),
    }
    return _with(row, {**known, "moments": {**known["moments"], told.moment.value: entry}})


def _spell(row: ParticipationRow) -> Entry:
    return row.spells[-1] if row.spells else _new()


def _new() -> Entry:
    return {"enrolled": [], "moments": {}}


def _with(row: ParticipationRow, spell: Entry) -> ParticipationRow:
    return replace(row, spells=(*row.spells[:-1], spell))


def _day(recorded: Recorded) -> str:
    return stockholm_date(recorded.envelope.recorded_at).isoformat()
