"""The decision as a paper: amounts to the öre, rule version and source, reasons, who decided, how to have it reviewed.

Pure.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.backbone.papers.kept import Papers
from samverkan.backbone.papers.paper import Asked, MakePaper, Paper, made
from samverkan.funding.compensation_view import CompensationRow
from samverkan.funding.conditions.conditions import Conditions
from samverkan.funding.conditions.remedies import Matter
from samverkan.funding.decision_history import Told, in_review
from samverkan.funding.forecast import Forecast, forecast
from samverkan.funding.letter_parts import Whom, amounts, computed, letter, remedies, share
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.funding.terms import Terms
from samverkan.schemas.catalogue import FUNDING
from samverkan.schemas.funding import CompensationApproved, CompensationReactionRefused, CompensationRefused
from samverkan.schemas.paper import CompensationPaperMade


def decide(command: MakePaper, paper: Paper) -> Sequence[CompensationPaperMade]:
    """A paper that says what an earlier one says leads to nothing."""
    return made(CompensationPaperMade, command, paper)


def evolve(paper: Paper, event: CompensationPaperMade | CompensationReactionRefused) -> Paper:
    """Fold one recorded event."""
    return paper.after(event)


def refusal(command: object, refused: Refused) -> CompensationReactionRefused:
    """No other service's event asks for a paper."""
    return CompensationReactionRefused(command=type(command).__name__, code=refused.code)


COMPENSATION_PAPER: Final = Aggregate("compensation-paper", FUNDING.name, Paper(), decide, evolve, refusal)


class CompensationPapers(Papers):
    """Every paper of every compensation."""

    events: ClassVar = (CompensationPaperMade,)


def decision_paper(conditions: Conditions, rules: Rulebook, whom: Whom, history: Sequence[Told]) -> Asked:
    """What stands in the decision, as it was decided: what became of it since has letters of its own.

    Refused: `not-decided`, `no-rule-in-force`.
    """
    if whom.row.decided_on is None:
        raise Refused("not-decided")
    for told in reversed(history):
        if isinstance(told.event, _Decided) and not in_review(history, told.version):
            return _letter(conditions, rules, whom, told.version, told.event)
    raise Refused("not-decided")


_Decided = CompensationApproved | CompensationRefused


def _letter(conditions: Conditions, rules: Rulebook, whom: Whom, version: int, decided: _Decided) -> Asked:
    row = whom.row
    said = {
        "decided_on": decided.decided_on,
        "decided_by": decided.attested_by,
        "applied_on": row.applied_on,
        "prepared_by": row.prepared_by,
        "checked_on": row.checked_on,
        "way": "account" if row.bank_ground is None else "bank",
        **remedies(conditions, whom, Matter.SUPPORT, decided.decided_on, "change", "liability"),
    }
    match decided:
        case CompensationApproved():
            then = _computed_as_decided(rules, decided)
            lines = [] if then is None else computed(then.full_month.lines)
            return letter("decision", whom, version, {**said, **_granted(decided, then)}, lines)
        case CompensationRefused(code=code):
            return letter("decision", whom, version, {**said, **_refused(row, code)}, [])


def _granted(decided: CompensationApproved, then: Forecast | None) -> dict[str, Any]:
    return {
        "decision": "granted",
        "starts_on": decided.starts_on,
        "ends_on": decided.ends_on,
        "extent": share(decided.extent),
        "pay_months_later": decided.pay_months_later,
        "rule_version": decided.rule_version,
        "rule_source": decided.rule_source,
        "remark": None if then is None else then.rule.remark_sv,
        **amounts(decided.economy),
    }


def _refused(row: CompensationRow, code: str) -> dict[str, Any]:
    """What was applied for, and why not. An application that was refused has no amendment: its terms are the row's."""
    extent = None if row.extent is None else share(row.extent)
    applied = {"starts_on": row.starts_on, "ends_on": row.decided_end, "extent": extent}
    return {"decision": "refused", "refusal_code": code, **applied}


def _computed_as_decided(rules: Rulebook, decided: CompensationApproved) -> Forecast | None:
    """How the decided amounts came about; None when what is kept here does not lead to them to the öre."""
    economy = decided.economy
    if economy is None:
        return None
    terms = Terms(
        decided.form,
        decided.starts_on,
        decided.ends_on,
        decided.extent,
        economy.gross_per_month,
        economy.birth_year,
        decided.pay_months_later,
    )
    try:
        then = forecast(rules, terms, decided.decided_on)
    except Refused:
        return None  # the rules ask for facts that the decision does not keep
    known = (decided.rule_version, economy.credit_per_month, economy.credit_in_all)
    same = (then.rule.id, then.full_month.credit, then.credit) == known
    return then if same else None
