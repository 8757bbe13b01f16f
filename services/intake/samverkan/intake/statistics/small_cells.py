"""Hides small cells of a table by category and sex, such that none can be worked out from the others. Pure.

What is published of a table: its totals, and some whole categories. A category is shown when it has at least THRESHOLD
women and as many men; the others are hidden together, and what they have together follows from the totals. So further
categories are hidden until that, too, is at least THRESHOLD of each sex and belongs to two categories or more: then
each hidden cell can be anything from nothing to all of it. A zero is a small cell: that nobody is there tells of those
who are. Where a sex is fewer than THRESHOLD in all, only both together are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

THRESHOLD: Final = 5
WOMEN, MEN, ALL = "women", "men", "all"

Counts = Mapping[str, tuple[int, int]]
"""Women and men by category: each participation in exactly one."""


@dataclass(frozen=True)
class Shown:
    """What may be published. `cells` by `<category>/<sex>`, totals by `<sex>` alone; `hidden` are all other cells."""

    cells: Mapping[str, int]
    hidden: tuple[str, ...]


def protect(counts: Counts) -> Shown:
    """Hide what must be hidden."""
    women, men = (sum(one[sex] for one in counts.values()) for sex in (0, 1))
    if women + men < THRESHOLD:
        shown: dict[str, int] = {}
    elif min(women, men) < THRESHOLD:
        shown = {ALL: women + men}
        for category in _categories({name: (sum(one),) for name, one in counts.items()}):
            shown[f"{category}/{ALL}"] = sum(counts[category])
    else:
        shown = {WOMEN: women, MEN: men, ALL: women + men}
        for category in _categories({name: tuple(one) for name, one in counts.items()}):
            ours = counts[category]
            shown |= {f"{category}/{WOMEN}": ours[0], f"{category}/{MEN}": ours[1], f"{category}/{ALL}": sum(ours)}
    every = [WOMEN, MEN, ALL, *(f"{name}/{sex}" for name in sorted(counts) for sex in (WOMEN, MEN, ALL))]
    return Shown(shown, tuple(name for name in every if name not in shown))


def _categories(counts: Mapping[str, tuple[int, ...]]) -> list[str]:
    """The categories that may be shown, by name. One alone repeats the totals and hides nothing."""
    if len(counts) == 1:
        return list(counts)
    shown = {name: one for name, one in counts.items() if min(one) >= THRESHOLD}
    while len(shown) < len(counts) and not _safe([one for name, one in counts.items() if name not in shown]):
        del shown[min(shown, key=lambda name: (sum(shown[name]), name))]
    return sorted(shown)


def _safe(hidden: list[tuple[int, ...]]) -> bool:
    return len(hidden) > 1 and all(sum(column) >= THRESHOLD for column in zip(*hidden, strict=True))
