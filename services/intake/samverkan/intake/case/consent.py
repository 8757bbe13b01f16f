"""Consent to share between authorities (OSL 10:1, 12:2): asked, given in writing, withdrawn at any time. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from samverkan.backbone.errors import Refused
from samverkan.intake.case.agencies import refuse_unknown_agencies, refuse_without_cases
from samverkan.intake.case.by import ByCaseworker
from samverkan.intake.case.guards import OPEN, refuse_unless
from samverkan.intake.case.minors import ConsentedBy, Maturity, refuse_unsettled
from samverkan.intake.case.state import Case, Event
from samverkan.intake.person_number import age_on
from samverkan.schemas.catalogue import MAY_SEE, agency
from samverkan.schemas.consent import ConsentRequested, ConsentWithdrawn
from samverkan.schemas.event import Compartment
from samverkan.schemas.participant import ConsentForm, ConsentGiven, Programme, WhoConsented


class Signed(StrEnum):
    """How the form was signed. A spoken consent is none: the participant must be able to read what it covers."""

    PAPER = "paper"
    E_SIGNATURE = "e-signature"


@dataclass(frozen=True)
class RequestConsent(ByCaseworker):
    """The participant is handed the form for these agencies."""

    agencies: tuple[str, ...]
    purpose: str
    asked_on: date
    insats: Programme | None = None
    form: ConsentForm | None = None


@dataclass(frozen=True)
class GiveConsent(ByCaseworker):
    """The participant signed that one agency may see these compartments for this purpose (and insats, if named)."""

    agency: str
    purpose: str
    compartments: frozenset[Compartment]
    given_on: date
    insats: Programme | None = None
    signed: Signed | None = None
    consented_by: ConsentedBy | None = None
    maturity: Maturity | None = None
    form: ConsentForm | None = None
    paper_sha256: str | None = None


@dataclass(frozen=True)
class WithdrawConsent(ByCaseworker):
    """The participant takes consent back: all that this agency was given, or what is named here."""

    agency: str
    withdrawn_on: date
    purpose: str | None = None
    insats: Programme | None = None
    compartments: frozenset[Compartment] | None = None


def request(command: RequestConsent, case: Case) -> Sequence[Event]:
    """Refused: what `refuse_without_cases` says, and by a state in which nobody is to be asked."""
    refuse_without_cases(*command.agencies)
    requested = ConsentRequested(
        agencies=tuple(sorted(set(command.agencies))),
        purpose=command.purpose,
        insats=None if command.insats is None else command.insats.value,
        asked_on=command.asked_on,
        contact=command.form,
    )
    if requested in case.requests:
        return []
    refuse_unless(case, OPEN)
    return [requested]


def give(command: GiveConsent, case: Case) -> Sequence[Event]:
    """Refused: `agency-unknown`, `consent-to-nothing`, `consent-beyond-role`, `consent-older-than-withdrawal`, what
    `refuse_unsettled` says of minors, and by a state in which nothing is shared any more."""
    refuse_forbidden(command.agency, command.compartments)
    given = ConsentGiven(
        agency=command.agency,
        purpose=command.purpose,
        compartments=tuple(sorted(command.compartments)),
        given_on=command.given_on,
        insats=None if command.insats is None else command.insats.value,
        form=None if command.signed is None else command.signed.value,
        paper_sha256=command.paper_sha256,
        identity=_who(command),
        contact=command.form,
    )
    if any(consent.given == given for consent in case.consents):
        return []
    refuse_unless(case, OPEN)
    age = None if case.born_on is None else age_on(case.born_on, command.given_on)
    refuse_unsettled(age, command.consented_by, command.maturity)
    _refuse_older_than_withdrawal(command, case)
    return [given]


def refuse_forbidden(code: str, compartments: frozenset[Compartment]) -> None:
    """Refused, for a form as for a consent: `agency-unknown`, `consent-to-nothing`, `consent-beyond-role`."""
    refuse_unknown_agencies(code)
    if not compartments:
        raise Refused("consent-to-nothing")
    # A form that promises what law forbids misleads whoever signs it: the role bounds what may be agreed to.
    beyond = compartments - MAY_SEE[agency(code).role]
    if beyond:
        raise Refused("consent-beyond-role", agency=code, compartments=", ".join(sorted(beyond)))


def withdraw(command: WithdrawConsent, case: Case) -> Sequence[Event]:
    """One event for each consent that something is taken back from; in every state, for it is a right.

    Refused: `agency-unknown`, `nothing-to-withdraw`, `withdrawn-before-given`.
    """
    refuse_unknown_agencies(command.agency)
    insats = None if command.insats is None else command.insats.value
    meant = [consent for consent in case.consents if consent.is_about(command.agency, command.purpose, insats)]
    wanted = command.compartments
    left: dict[tuple[str, str | None], set[Compartment]] = {}
    for consent in meant:
        taken_back = consent.left if wanted is None else consent.left & wanted
        if taken_back and command.withdrawn_on < consent.given.given_on:
            raise Refused("withdrawn-before-given", given_on=consent.given.given_on.isoformat())
        if taken_back:
            left.setdefault((consent.given.purpose, consent.given.insats), set()).update(taken_back)
    if not left and not any(command.withdrawn_on in consent.withdrawn.values() for consent in meant):
        raise Refused("nothing-to-withdraw", agency=command.agency)
    return [
        ConsentWithdrawn(
            agency=command.agency,
            purpose=purpose,
            insats=about,
            compartments=tuple(sorted(compartments)),
            withdrawn_on=command.withdrawn_on,
        )
        for (purpose, about), compartments in left.items()
    ]


def _who(command: GiveConsent) -> WhoConsented | None:
    if command.consented_by is None:
        return None
    return WhoConsented(
        consented_by=command.consented_by.value,
        maturity=None if command.maturity is None else command.maturity.value,
        assessed_by=None if command.maturity is None or command.by is None else command.by.actor,
    )


def _refuse_older_than_withdrawal(command: GiveConsent, case: Case) -> None:
    """A form that was signed before the withdrawal and is registered late must not bring back what was taken back."""
    for consent in case.consents:
        if consent.is_about(command.agency, None, None):
            days = [day for one, day in consent.withdrawn.items() if one in command.compartments]
            if days and command.given_on <= max(days):
                raise Refused("consent-older-than-withdrawal", withdrawn_on=max(days).isoformat())
