"""May this caller work on this case now? Asked before every command on its measurements, plan, presence and papers.

They are streams of their own, so the case's own rules (case/guards.py, case/by.py) do not see these commands.
"""

from typing import Final
from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.call import CommandCall
from samverkan.intake.bodies import by
from samverkan.intake.case.by import is_outsider, refuse_in_conflict, refuse_outsider
from samverkan.intake.case.guards import OPEN, REFUSALS, UNDER_WAY
from samverkan.intake.case.state import State
from samverkan.intake.course_view import CourseRow, Courses
from samverkan.intake.views import Cases

SUPPORTED: Final = OPEN
ATTENDING: Final = UNDER_WAY | {State.CLOSING}
REPORTED: Final = ATTENDING | {State.CLOSED}  # what was not reported in time is still reported after the exit


async def open_case(call: CommandCall, case_id: UUID | None, allowed: frozenset[State] = SUPPORTED) -> CourseRow | None:
    """The case's course. Without an id there is none to ask for: the command says itself what is unknown.

    Refused: `case-unknown`, what the case's state says, and what `refuse_caller` says.
    """
    if case_id is None:
        return None
    row = await call.queries.get(Courses, case_id)
    if row is None:
        raise Refused("case-unknown")
    state = State(row.state)
    if state not in allowed:
        raise Refused(REFUSALS[state])
    await refuse_caller(call, row)
    return row


async def refuse_caller(call: CommandCall, course: CourseRow) -> None:
    """Refused: `conflict-of-interest` and `actor-missing` (jäv), `another-municipality`."""
    refuse_in_conflict(by(call), {(one["agency"], one["caseworker"]) for one in course.conflicts})
    if is_outsider(call.agency, course.municipality):
        case = await call.queries.get(Cases, course.case_id)
        refuse_outsider(by(call), course.municipality, () if case is None else case.agencies_needed)
