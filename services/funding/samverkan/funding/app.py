"""The composition root: what funding is made of."""

from pathlib import Path
from typing import Final

from samverkan.backbone.papers.template import Templates
from samverkan.backbone.service import Service
from samverkan.backbone.settings import SettingsInvalid
from samverkan.funding.api import funding_router
from samverkan.funding.benefit.api import benefit_router
from samverkan.funding.benefit.benefit import benefit_under
from samverkan.funding.budget.api import budget_router
from samverkan.funding.budget.budget import budget_under
from samverkan.funding.budget.law import load_law
from samverkan.funding.compensation.compensation import compensation_under
from samverkan.funding.conditions.load import load_conditions
from samverkan.funding.credit_order.order import CREDIT_ORDER
from samverkan.funding.decision_api import decision_router
from samverkan.funding.decision_paper import COMPENSATION_PAPER
from samverkan.funding.errands import Errands
from samverkan.funding.insats.api import insats_router
from samverkan.funding.insats.insats import INSATS
from samverkan.funding.life_policy import LIFE_POLICY
from samverkan.funding.money_api import money_router
from samverkan.funding.national.api import national_router
from samverkan.funding.national.figures import FiguresInvalid, load_figures
from samverkan.funding.paper_api import paper_routes
from samverkan.funding.policy import POLICY
from samverkan.funding.reactions import reactions
from samverkan.funding.recovery_api import recovery_router
from samverkan.funding.rules.load import load_rulebook
from samverkan.funding.rules.versions import RulesInvalid
from samverkan.funding.settings import FundingSettings
from samverkan.funding.stored import VIEWS
from samverkan.schemas.catalogue import FUNDING, topics_for

_HERE: Final = Path(__file__).parent


def build(settings: FundingSettings) -> Service:
    """The service. SettingsInvalid: a rule file cannot be trusted; starting again does not help."""
    try:
        rules, conditions, law = load_rulebook(), load_conditions(), load_law()
        figures = load_figures(settings.national_figures_file)
    except RulesInvalid as invalid:
        raise SettingsInvalid(f"the programme rules are not valid: {invalid}") from None
    except (FiguresInvalid, OSError) as invalid:
        raise SettingsInvalid(f"the national figures cannot be read: {invalid}") from None
    compensation, budget = compensation_under(rules, conditions), budget_under(law)
    benefit = benefit_under(rules)
    return Service(
        name="funding",
        owns=FUNDING,
        subscribes=topics_for("funding"),
        aggregates=(compensation, CREDIT_ORDER, budget, INSATS, benefit, COMPENSATION_PAPER),
        reactions=reactions(compensation),
        views=VIEWS,
        policy={**POLICY, **LIFE_POLICY},
        routers=(
            funding_router(compensation, rules, settings.overhead_per_month),
            benefit_router(benefit, rules),
            decision_router(compensation),
            recovery_router(compensation),
            money_router(compensation, rules),
            budget_router(budget, law),
            insats_router(law),
            national_router(figures),
            paper_routes(rules, conditions, Templates(_HERE / "papers")),
        ),
        texts=_HERE / "texts",
        migrations=_HERE / "migrations",
        workers=(Errands(compensation).run,),
    )


def main() -> None:
    """Run until told to stop."""
    from samverkan.backbone.app import run

    run(build, FundingSettings)
