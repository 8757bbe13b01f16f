"""Rules in versions: which one is in force on a day, and what makes a set of versions invalid. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeVar

from samverkan.backbone.errors import Refused, SamverkanError


class RulesInvalid(SamverkanError):
    """The rules cannot be trusted: the service must not start. The message names the version and what is wrong."""

    def __init__(self, what: str) -> None:
        super().__init__("rules-invalid", what)


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of a rule. `valid_until` is its last day, None as long as nobody has ended it.

    A version that is not `verified` is known to exist without its content being known: whoever asks for it is refused,
    nothing is guessed. A `remark` tells what is uncertain about one that applies; `remark_sv` is it in Swedish, as the
    papers say it.
    """

    id: str
    valid_from: date
    valid_until: date | None = None
    source: str
    remark: str | None = None
    remark_sv: str | None = None
    verified: bool = True

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise RulesInvalid(f"{self.id}: no source")
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise RulesInvalid(f"{self.id}: ends before it begins")

    def covers(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


V = TypeVar("V", bound=Version)


def verified(version: V) -> V:
    """The version itself. Refused `rule-not-verified`: nobody has held it against its source."""
    if not version.verified:
        raise Refused("rule-not-verified", rule=version.id)
    return version


def without_gaps(versions: Sequence[V]) -> tuple[V, ...]:
    """The versions by date. RulesInvalid: none at all, a day with two of them, or a day between two with none."""
    if not versions:
        raise RulesInvalid("no version at all")
    ordered = tuple(sorted(versions, key=lambda version: version.valid_from))
    for earlier, later in pairwise(ordered):
        if earlier.valid_until is None or later.valid_from <= earlier.valid_until:
            raise RulesInvalid(f"{later.id}: overlaps {earlier.id}")
        if later.valid_from != earlier.valid_until + timedelta(days=1):
            raise RulesInvalid(f"{later.id}: gap after {earlier.id}")
    return ordered


def in_force(versions: Sequence[V], day: date) -> V:
    """The version of that day. Refused `no-rule-in-force`: not yet, or no longer. `rule-not-verified`."""
    for version in versions:
        if version.covers(day):
            return verified(version)
    raise Refused("no-rule-in-force", day=day.isoformat())
