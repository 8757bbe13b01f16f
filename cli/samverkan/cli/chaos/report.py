"""What came of a run, as text and for programs."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from samverkan.cli.chaos.check.budgets import commitments_made
from samverkan.cli.chaos.facts import Facts
from samverkan.cli.chaos.violation import Violation, near

_SHOWN: Final = 5  # violations in full; one cause often has hundreds
_KINDS: Final = ("lost", "doubled", "out of order", "overspent")


@dataclass(frozen=True)
class Report:
    """`again`: the command that runs the same schedule once more."""

    seed: int
    seconds: float
    facts: Facts
    violations: Sequence[Violation]
    again: str

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"seed {self.seed}, {self.seconds:.0f} s of faults"
        yield "faults struck"
        struck, missed = self._struck()
        for kind in sorted(struck | missed):
            note = f"  ({missed[kind]} could not)" if missed[kind] else ""
            yield f"  {kind:<16} {struck[kind]:>4}{note}"
        outcomes = Counter(command.outcome for command in self.facts.commands)
        repeated = sum(command.attempts > 1 for command in self.facts.commands)
        yield f"commands: {outcomes['acknowledged']} acknowledged, {outcomes['refused']} refused, {repeated} sent again"
        for code, count in self._refusals().most_common(_SHOWN):
            yield f"  refused {count:>4}  {code}"
        events = sum(len(journal.rows) for journal in self.facts.journals.values())
        yield f"events: {events} journalled, {self.facts.published.repeats} records repeated on the topics"
        yield f"commitments: {commitments_made(self.facts)} made of one budget"
        for violation in self.violations[:_SHOWN]:
            yield f"VIOLATED {violation}"
            yield from (f"    near it: {fault}" for fault in near(violation, self.facts.strikes))
        if len(self.violations) > _SHOWN:
            yield f"and {len(self.violations) - _SHOWN} more violations"
        counts = Counter(violation.kind for violation in self.violations)
        yield ", ".join(f"{counts[kind]} {kind}" for kind in _KINDS)
        if self.violations:
            yield f"again: {self.again}"

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        struck, missed = self._struck()
        outcomes = Counter(command.outcome for command in self.facts.commands)
        counts = Counter(violation.kind for violation in self.violations)
        return {
            "seed": self.seed,
            "seconds": self.seconds,
            "again": self.again,
            "struck": dict(sorted(struck.items())),
            "missed": dict(sorted(missed.items())),
            "commands": dict(outcomes),
            "refusals": dict(self._refusals().most_common()),
            "events": {name: len(journal.rows) for name, journal in self.facts.journals.items()},
            "repeated_records": self.facts.published.repeats,
            "lost": counts["lost"],
            "doubled": counts["doubled"],
            "out_of_order": counts["out of order"],
            "overspent": counts["overspent"],
            "commitments": commitments_made(self.facts),
            "violations": [
                {
                    "invariant": violation.invariant,
                    "kind": violation.kind,
                    "where": violation.where,
                    "expected": violation.expected,
                    "found": violation.found,
                    "at": None if violation.at is None else violation.at.isoformat(),
                    "near": list(near(violation, self.facts.strikes)),
                }
                for violation in self.violations
            ],
        }

    def _refusals(self) -> Counter[str]:
        """Why, so that a load that a new rule stops early does not pass for one that was carried out."""
        return Counter(str(one.code) for one in self.facts.commands if one.outcome == "refused")

    def _struck(self) -> tuple[Counter[str], Counter[str]]:
        struck = Counter(str(one.strike.kind) for one in self.facts.strikes if not one.missed)
        missed = Counter(str(one.strike.kind) for one in self.facts.strikes if one.missed)
        return struck, missed
