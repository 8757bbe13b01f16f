"""What an agency's store holds, by its role. The replay folds the topics with the very same views."""

from typing import Any

from samverkan.agency.assessment_view import Assessments
from samverkan.agency.benefit_view import Benefits
from samverkan.agency.case_course_view import SharedCourses
from samverkan.agency.case_view import SharedCases
from samverkan.agency.compensation_view import Claims, Compensations
from samverkan.agency.consent_view import ConsentHistories
from samverkan.agency.course_view import PlacementCourses
from samverkan.agency.finsam_view import FinsamBudgets, FinsamInsatser
from samverkan.agency.notification_view import Notifications
from samverkan.agency.paper_view import CasePapers
from samverkan.agency.person_tally_view import PersonTally
from samverkan.agency.placement_view import CasePlacements
from samverkan.agency.plan_view import CaseActivities, CasePlans
from samverkan.agency.presence_view import AttendedDays, CasePresences
from samverkan.agency.register_view import RegisteredEmployers, WaitingOpenings
from samverkan.agency.reminder_view import Reminders
from samverkan.agency.results_view import InsatsMethods, PublishedResults
from samverkan.agency.settlement_view import DecisionLives, Settlements
from samverkan.agency.tally_view import Tally
from samverkan.backbone.view import View
from samverkan.schemas.catalogue import MAY_SEE, Role
from samverkan.schemas.event import Compartment


def views_for(role: Role) -> tuple[View[Any], ...]:
    """The views of an agency with this role; a coordination association keeps counts and nothing of individuals."""
    of_nobody = (Tally(), PersonTally(), FinsamBudgets(), FinsamInsatser(), PublishedResults(), InsatsMethods())
    if role is Role.COORDINATION_ASSOCIATION:
        return of_nobody
    register = (RegisteredEmployers(), WaitingOpenings()) if Compartment.EMPLOYMENT in MAY_SEE[role] else ()
    of_money = (Compensations(), Claims(), DecisionLives(), Settlements(), Benefits())
    of_work = (CasePlacements(), PlacementCourses(), *register, *of_money)
    of_support = (Assessments(), CasePlans(), CaseActivities(), CasePresences(), AttendedDays())
    of_mail = (CasePapers(), Notifications(), Reminders())
    return (SharedCases(), ConsentHistories(), SharedCourses(), *of_work, *of_support, *of_mail, *of_nobody)
