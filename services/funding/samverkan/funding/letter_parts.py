"""What the letters about a compensation have in common: whom they are about, and what may be done about them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from samverkan.backbone.errors import Refused
from samverkan.backbone.papers.content import Entry
from samverkan.backbone.papers.paper import Asked
from samverkan.funding.compensation_view import CompensationRow
from samverkan.funding.conditions.conditions import Conditions
from samverkan.funding.conditions.remedies import Matter
from samverkan.funding.decision_parties import DecisionEmployerRow, DecisionPersonRow
from samverkan.schemas.catalogue import AGENCIES, Role
from samverkan.schemas.event import Compartment
from samverkan.schemas.funding import ClaimLine, DecidedAmounts

DECIDING: Final = next(known for known in AGENCIES if known.role is Role.EMPLOYMENT_SERVICE)
AMOUNTS: Final = ("gross_per_month", "cost_per_month", "credit_per_month", "own_cost_per_month", "credit_in_all")


@dataclass(frozen=True)
class Whom:
    """The compensation that a letter is about, its employer and its person, as far as they are known here."""

    row: CompensationRow
    employer: DecisionEmployerRow | None
    person: DecisionPersonRow | None


def letter(
    template: str,
    whom: Whom,
    version: int,
    said: Mapping[str, Any],
    lines: Sequence[Entry] | None = None,
    distinguishing: Sequence[str] = (),
) -> Asked:
    """The letter of the decision at that version. Who is protected is not named, nor where that person works.

    Refused `not-applied`.
    """
    case_id = whom.row.case_id
    if case_id is None:
        raise Refused("not-applied")
    known = whom.person is not None and not whom.person.protected
    told = texts({"sender": DECIDING.name, "form": whom.row.form, **said})
    return Asked(
        template=template,
        case_id=case_id,
        subject_id=whom.row.compensation_id,
        subject_version=version,
        content={
            Compartment.ECONOMY: told if lines is None else {**told, "lines": lines},
            Compartment.EMPLOYMENT: _of(whom.employer, "employer_number", "employer_name", *_WORKPLACE[known]),
            Compartment.IDENTITY: _of(whom.person, "person_number", "name") if known else {},
        },
        registration=None if whom.person is None else whom.person.registrations.get(DECIDING.code),
        distinguishing=tuple(distinguishing),
    )


_WORKPLACE: Final = {True: ("workplace",), False: ()}


def remedies(conditions: Conditions, whom: Whom, matter: Matter, decided_on: date, *cited: str) -> dict[str, str]:
    """What may be done about a decision of that day, with the sections to cite: `review`, `appeal` and those `cited`.

    Refused `no-rule-in-force`: what held on that day has not been read.
    """
    law = conditions.remedies_of(whom.row.form or "", decided_on)
    sections = {name: getattr(law, name) for name in (f"{one}_section" for one in ("review", "appeal", *cited))}
    appealable = "yes" if matter in law.appealable else "no"
    return {"statute": law.statute, "appealable": appealable, "weeks": str(conditions.weeks(decided_on)), **sections}


def amounts(decided: DecidedAmounts | None) -> dict[str, str]:
    """What a full month and the whole period give, kronor; nothing when the key is gone."""
    return {} if decided is None else {name: kronor(getattr(decided, name)) for name in AMOUNTS}


def computed(lines: Sequence[ClaimLine]) -> list[Entry]:
    """How an amount came about, line by line."""
    return [{"explanation": line.explanation_sv, "amount": kronor(line.amount)} for line in lines]


def kronor(amount: Decimal) -> str:
    """Two decimals, as every paper has them."""
    return f"{amount:.2f}"


def share(extent: Decimal) -> str:
    """A share of full time as a paper has it: `0.7500`."""
    return f"{extent:.4f}"


def texts(said: Mapping[str, Any]) -> dict[str, str]:
    """As texts; what is not known is left out."""
    return {name: str(value) for name, value in said.items() if value is not None}


def _of(row: object, *names: str) -> dict[str, str]:
    return {} if row is None else texts({name: getattr(row, name) for name in names})
