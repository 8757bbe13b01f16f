"""The decision as a paper: amounts to the öre, rule version and source, reasons, who decided, how to appeal. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar, Final

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.backbone.papers.content import Entry
from samverkan.backbone.papers.kept import Papers
from samverkan.backbone.papers.paper import Asked, MakePaper, Paper, made
from samverkan.funding.compensation_view import CompensationRow
from samverkan.funding.decision_parties import DecisionEmployerRow, DecisionPersonRow
from samverkan.funding.forecast import Forecast, forecast
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.funding.terms import Terms
from samverkan.schemas.catalogue import AGENCIES, FUNDING, Role
from samverkan.schemas.event import Compartment
from samverkan.schemas.funding import CompensationReactionRefused
from samverkan.schemas.paper import CompensationPaperMade
from samverkan.schemas.participant import Programme

_DECIDING: Final = next(known for known in AGENCIES if known.role is Role.EMPLOYMENT_SERVICE)
# Fields of the row that stand in the paper under their own names.
_AS_THEY_ARE: Final = ("prepared_by", "checked_on", "rule_version", "rule_source", "refusal_code", "pay_months_later")
_AMOUNTS: Final = ("gross_per_month", "cost_per_month", "credit_per_month", "own_cost_per_month", "credit_in_all")


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


def decision_paper(
    rules: Rulebook,
    row: CompensationRow,
    employer: DecisionEmployerRow | None,
    person: DecisionPersonRow | None,
) -> Asked:
    """What stands in the decision, as it was decided: a revocation since is a decision of its own.

    Refused: `not-decided`; `decision-amended`: of what was decided first only the amended terms are kept here, and a
    letter that mixes the two would be one of no decision.
    """
    if row.decided_on is None or row.case_id is None:
        raise Refused("not-decided")
    if row.amended_on is not None:
        raise Refused("decision-amended", amended_on=row.amended_on.isoformat())
    told = {
        "sender": _DECIDING.name,
        "decision": "granted" if row.refusal_code is None else "refused",
        "decided_on": row.decided_on,
        "decided_by": row.attested_by,
        "applied_on": row.applied_on,
        "form": row.form,
        "starts_on": row.starts_on,
        "ends_on": row.decided_end,
        "extent": None if row.extent is None else f"{row.extent:.4f}",
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
    }
    lines: list[Entry] = []
    if row.refusal_code is None:
        told |= {name: _kronor(getattr(row, name)) for name in _AMOUNTS}
        computed = _computed_as_decided(rules, row)
        if computed is not None:
            told["remark"] = computed.rule.remark_sv
            lines = [
                {"explanation": line.explanation_sv, "amount": _kronor(line.amount) or ""}
                for line in computed.full_month.lines
            ]
    employment = {} if employer is None else {**vars(employer)}
    identity = {} if person is None or person.protected else {**vars(person)}
    return Asked(
        template="decision",
        case_id=row.case_id,
        subject_id=row.compensation_id,
        subject_version=row.version,
        content={
            Compartment.ECONOMY: {**_texts(told), "lines": lines},
            Compartment.EMPLOYMENT: _texts({name: employment.get(name) for name in _EMPLOYER}),
            Compartment.IDENTITY: _texts({name: identity.get(name) for name in ("person_number", "name")}),
        },
        registration=None if person is None else person.registrations.get(_DECIDING.code),
    )


_EMPLOYER: Final = ("employer_number", "employer_name", "workplace")


def _computed_as_decided(rules: Rulebook, row: CompensationRow) -> Forecast | None:
    """How the decided amounts came about; None when what is kept here does not lead to them to the öre."""
    if None in (row.form, row.starts_on, row.decided_end, row.extent, row.gross_per_month, row.birth_year):
        return None
    known: Any = row  # every field that is read is there
    terms = Terms(
        Programme(known.form),
        known.starts_on,
        known.decided_end,
        known.extent,
        known.gross_per_month,
        known.birth_year,
        known.pay_months_later or 0,
    )
    try:
        computed = forecast(rules, terms, known.decided_on)
    except Refused:
        return None  # the rules ask for facts that the row does not keep
    decided = (row.rule_version, row.credit_per_month, row.credit_in_all)
    return computed if (computed.rule.id, computed.full_month.credit, computed.credit) == decided else None


def _kronor(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _texts(told: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in told.items() if value is not None}
