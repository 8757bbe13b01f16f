"""Anonymous results of insatser as every agency keeps them, the coordination association too: no cell is small."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.agency.finsam_view import BudgetRow, InsatsRow
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.budget import InsatsMethodDescribed, InsatsProposed
from samverkan.schemas.statistics import StatisticsPublished

ORE = Decimal("0.01")


@dataclass(frozen=True)
class ResultRow:
    """A half-year as it was published: `cells` by name, `hidden` the names that are not shown. Kronor, in
    `saved_by_payer` as texts."""

    publication_id: UUID
    insats_id: UUID | None = None
    programme: str | None = None
    year: int | None = None
    half: int | None = None
    published_on: date | None = None
    cells: Mapping[str, int] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    saved_per_year: Decimal | None = None
    saved_by_payer: Mapping[str, str] = field(default_factory=dict)
    unvalued: tuple[str, ...] = ()
    value_sources: tuple[str, ...] = ()


class PublishedResults(View[ResultRow]):
    """One row per publication."""

    table: ClassVar = "published_result"
    row: ClassVar = ResultRow
    events: ClassVar = (StatisticsPublished,)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """The publication."""
        return [recorded.stream_id]

    def fold(self, row: ResultRow, recorded: Recorded) -> ResultRow:
        """Take over what was published."""
        told = recorded.event
        assert isinstance(told, StatisticsPublished)
        return ResultRow(
            row.publication_id,
            insats_id=told.insats_id,
            programme=told.programme,
            year=told.year,
            half=told.half,
            published_on=told.published_on,
            cells=told.cells,
            hidden=told.hidden,
            saved_per_year=told.saved_per_year,
            saved_by_payer={payer: str(amount) for payer, amount in (told.saved_by_payer or {}).items()},
            unvalued=told.unvalued,
            value_sources=told.value_sources,
        )


@dataclass(frozen=True)
class MethodRow:
    """How an insats works, and whose method it took over."""

    insats_id: UUID
    based_on: UUID | None = None
    aim: str | None = None
    way_of_working: str | None = None
    staffing: str | None = None
    lessons: str | None = None
    described_on: date | None = None


class InsatsMethods(View[MethodRow]):
    """One row per insats."""

    table: ClassVar = "insats_method"
    row: ClassVar = MethodRow
    events: ClassVar = (InsatsProposed, InsatsMethodDescribed)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """The insats."""
        return [recorded.stream_id]

    def fold(self, row: MethodRow, recorded: Recorded) -> MethodRow:
        """Take over what the event says."""
        match recorded.event:
            case InsatsProposed(based_on=based_on):
                return replace(row, based_on=based_on)
            case InsatsMethodDescribed() as told:
                return replace(row, **vars(told))
            case _:
                return row


@dataclass(frozen=True)
class Outcome:
    """How many are in work or study after their exit, in percent of those whose exit is told; None where a cell that
    it needs is hidden. To be compared between insatser, for percent of different sizes can be."""

    insats_id: UUID
    exits: int | None
    in_work_percent: Decimal | None
    in_study_percent: Decimal | None


@dataclass(frozen=True)
class YearOfInsats:
    """A budget year: what was committed, what each participation that began cost, and what the förbund has saved up.

    `cost_each` is None unless both half-years are published and show how many began.
    """

    year: int
    committed: Decimal
    cost_each: Decimal | None
    saved_capital: Decimal


@dataclass(frozen=True)
class HalfYearlyReport:
    """What the board of a samordningsförbund reads, and what another municipality compares itself with."""

    insats: InsatsRow
    years: Sequence[YearOfInsats]
    half_years: Sequence[ResultRow]
    method: MethodRow
    outcome: Outcome
    compared_with: Outcome | None


def half_yearly_report(
    insats: InsatsRow, budgets: Sequence[BudgetRow], results: Sequence[ResultRow], method: MethodRow
) -> HalfYearlyReport:
    """Put together what is open about one insats. `results` are those of every insats: it is compared with the one
    whose method it took over."""
    ours = sorted((one for one in results if one.insats_id == insats.insats_id), key=_when)
    years = [
        YearOfInsats(year, committed, _cost_each(committed, year, ours), budget.saved_capital)
        for budget in budgets
        if (year := budget.year) is not None
        and (committed := Decimal(budget.insatser.get(str(insats.insats_id), "0"))) > 0
    ]
    return HalfYearlyReport(
        insats,
        sorted(years, key=lambda one: one.year),
        ours,
        method,
        outcome(insats.insats_id, results),
        None if method.based_on is None else outcome(method.based_on, results),
    )


def outcome(insats_id: UUID, results: Sequence[ResultRow]) -> Outcome:
    """The latest half-year that tells of exits."""
    told = [one for one in sorted(results, key=_when) if one.insats_id == insats_id and "exit/all" in one.cells]
    if not told:
        return Outcome(insats_id, None, None, None)
    cells = told[-1].cells
    work, study = (cells.get(f"occupation/exit/after/{what}/all") for what in ("work", "study"))
    exits = cells["exit/all"]
    return Outcome(insats_id, exits, _percent(work, exits), _percent(study, exits))


def _percent(part: int | None, whole: int) -> Decimal | None:
    return None if part is None else (Decimal(100 * part) / whole).quantize(Decimal("0.1"))


def _cost_each(committed: Decimal, year: int, results: Sequence[ResultRow]) -> Decimal | None:
    halves = {(one.programme, one.half): one.cells.get("begun/all") for one in results if one.year == year}
    programmes = {programme for programme, _ in halves}
    begun = [halves.get((programme, half)) for programme in programmes for half in (1, 2)]
    known = [number for number in begun if number is not None]
    if not known or len(known) < len(begun):
        return None
    return (committed / sum(known)).quantize(ORE)


def _when(row: ResultRow) -> tuple[int, int, str]:
    return (row.year or 0, row.half or 0, row.programme or "")
