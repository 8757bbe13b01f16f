"""Which subjects the scheduler must look at now: those whose facts changed since, and those whose next day has come.

What each was found to want next stands beside its facts, in columns that are no view's: lost with a rebuild, they only
make the scheduler look once more. So a round costs one statement however many cases are open.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, Protocol
from uuid import UUID

from samverkan.backbone.database import sql
from samverkan.backbone.runtime import Runtime
from samverkan.backbone.view import View
from samverkan.notify.reminders.subjects import PAGE, WATCHES, Facts, subject_id
from samverkan.notify.reminders.views import CaseWatch, CompensationWatch, PlacementWatch, PlanWatch

_FORGOTTEN_AT_ONCE: Final = 1_000  # rows locked at a time: what is applied meanwhile waits for no more


class Agenda(Protocol):
    """See `DatabaseAgenda`."""

    async def wanted(self, runtime: Runtime, today: date) -> Sequence[Facts]: ...
    async def looked_at(self, runtime: Runtime, next_days: Sequence[tuple[Facts, date | None]]) -> None: ...
    async def forget(self, runtime: Runtime) -> None: ...


class DatabaseAgenda:
    """The agenda in the columns looked_at, next_on and wake_on of the watches. Transient as usual."""

    async def wanted(self, runtime: Runtime, today: date) -> Sequence[Facts]:
        """The facts of at most `PAGE` subjects of each kind; none when there is nothing to do."""
        async with runtime.transaction() as connection:
            found = await connection.fetch(sql(__package__, "wanted.sql"), today, PAGE)
            keys: dict[str, list[UUID]] = {}
            for row in found:
                keys.setdefault(row["watch"], []).append(row["subject_id"])
            if placements := keys.get(PlacementWatch.table):
                versions = [row["version"] for row in found if row["watch"] == PlacementWatch.table]
                await connection.execute(_wake(CompensationWatch, "placement_id"), placements)
                await connection.execute(sql(__package__, "placement_looked_at.sql"), placements, versions)
            if cases := keys.get(CaseWatch.table):
                await connection.execute(_wake(PlanWatch, "case_id"), cases)
        facts: list[Facts] = []
        for watch in WATCHES:
            if ids := keys.get(watch.table):
                facts += await runtime.queries.select(watch, among={watch.columns()[0]: ids}, limit=len(ids))
        return facts

    async def looked_at(self, runtime: Runtime, next_days: Sequence[tuple[Facts, date | None]]) -> None:
        """They want nothing until these days, unless their facts change; None: never again."""
        for watch in WATCHES:
            of_watch = [(facts, day) for facts, day in next_days if isinstance(facts, watch.row)]
            if of_watch:
                async with runtime.transaction() as connection:
                    await connection.execute(
                        _looked_at(watch),
                        [subject_id(facts) for facts, _ in of_watch],
                        [facts.version for facts, _ in of_watch],
                        [day for _, day in of_watch],
                    )

    async def forget(self, runtime: Runtime) -> None:
        """Look at everything anew: what was found to be far away is not, for the clock was put back."""
        for watch in WATCHES:
            done = _FORGOTTEN_AT_ONCE
            while done == _FORGOTTEN_AT_ONCE:
                async with runtime.transaction() as connection:
                    done = len(await connection.fetch(_forget(watch), _FORGOTTEN_AT_ONCE))


# Names are the views' own; rows are locked by ascending key, as by whoever applies events (S0).
def _looked_at(watch: type[View[Any]]) -> str:
    table, key = watch.table, watch.columns()[0]
    return (
        f"with locked as (select {key} from {table} where {key} = any($1) order by {key} for update) "  # noqa: S608
        f"update {table} as w set looked_at = seen.version, next_on = seen.next_on "
        f"from locked join unnest($1::uuid[], $2::integer[], $3::date[]) as seen (id, version, next_on) "
        f"on seen.id = locked.{key} where w.{key} = locked.{key} and w.version = seen.version"
    )


def _wake(watch: type[View[Any]], column: str) -> str:
    """What rests on these, besides its own facts, is looked at anew."""
    table, key = watch.table, watch.columns()[0]
    return (
        f"with known as (select {key} from {table} where {column} = any($1) and looked_at is not null "  # noqa: S608
        f"order by {key} for update) update {table} as w set looked_at = null from known where w.{key} = known.{key}"
    )


def _forget(watch: type[View[Any]]) -> str:
    table, key = watch.table, watch.columns()[0]
    return (
        f"with known as (select {key} from {table} where looked_at is not null order by {key} limit $1 for update) "  # noqa: S608
        f"update {table} as w set looked_at = null from known where w.{key} = known.{key} returning 1"
    )
