"""A participation as statistics count it: who is of no interest, only sex, and how it went. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final
from uuid import UUID

from samverkan.schemas.course import Moment

UNSTATED: Final = "unstated"
ENTRY: Final = Moment.ENTRY.value
EXIT: Final = Moment.EXIT.value
AFTER: Final = (EXIT, Moment.SIX_MONTHS.value, Moment.TWELVE_MONTHS.value)


@dataclass(frozen=True)
class Circumstances:
    """What a participant lived on and did at one moment: codes with their shares in percent.

    `counted_on`: the day on which it was first recorded here, which is never changed afterwards.
    """

    counted_on: date
    livelihood: Mapping[str, int] = field(default_factory=dict)
    occupation: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Participation:
    """One enrolment of one person. `sex` is `female` or `male`; `moments` as far as they are recorded.

    `counted_on`: the day on which the enrolment was recorded here.
    """

    case_id: UUID
    programme: str
    counted_on: date
    sex: str
    moments: Mapping[str, Circumstances] = field(default_factory=dict)


def main_group(kind: str, shares: Mapping[str, int]) -> str:
    """The group with the largest share, of equal ones the first by name; `unstated` when nothing is known.

    `kind`: `livelihood` or `occupation`.
    """
    summed: dict[str, int] = {}
    for code, share in shares.items():
        group = groups(kind).get(code, UNSTATED)
        summed[group] = summed.get(group, 0) + share
    return min(summed, key=lambda group: (-summed[group], group), default=UNSTATED)


@cache
def groups(kind: str) -> Mapping[str, str]:
    """Code → group."""
    text = files("samverkan.intake.statistics").joinpath("groups.toml").read_text(encoding="utf-8")
    return {code: group for group, codes in tomllib.loads(text)[kind].items() for code in codes}


@cache
def group_names(kind: str) -> tuple[str, ...]:
    """Every group, `unstated` last."""
    return (*dict.fromkeys(groups(kind).values()), UNSTATED)
