"""The agreement behind an insats: everybody signs the same, and a project becomes regular operation."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from samverkan.backbone.errors import Refused
from samverkan.funding.budget.examples import FK, SKELLEFTEA
from samverkan.funding.insats.examples import DESCRIBE, END, PROPOSE, REGULAR, SIGN, START, WHOLE_LIFE, after, given
from samverkan.funding.insats.insats import INSATS, Command, decide, refusal
from samverkan.funding.insats.proposal import Contribution
from samverkan.schemas.budget import InsatsAgreed, InsatsReactionRefused, InsatsSigned

STATES = ("none", "proposed", "agreed", "project", "regular", "ended")


def state(*commands: Command) -> str:
    return INSATS.fold(after(*commands)).state


def test_it_goes_from_proposal_to_project_to_regular_operation_to_its_end() -> None:
    seen = [state(*WHOLE_LIFE[:length]) for length in range(len(WHOLE_LIFE) + 1)]
    assert tuple(dict.fromkeys(seen)) == STATES


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("command", WHOLE_LIFE, ids=lambda command: type(command).__name__)
def test_each_state_accepts_or_refuses_each_command(before: str, command: Command) -> None:
    done = next(WHOLE_LIFE[:n] for n in range(len(WHOLE_LIFE) + 1) if state(*WHOLE_LIFE[:n]) == before)
    insats = INSATS.fold(after(*done))
    try:
        events = decide(command, insats)
    except Refused:
        return
    for event in events:
        insats = INSATS.evolve(insats, event)
    assert insats.state in STATES
    assert not decide(command, insats), "the same command again leads to nothing"


def test_the_last_signature_makes_the_agreement() -> None:
    late = replace(SIGN[-1], signed_on=date(2025, 12, 12))
    given(*after(PROPOSE, *SIGN[:-1])).when(late).then(
        InsatsSigned(party=late.party, signed_on=late.signed_on), InsatsAgreed(agreed_on=late.signed_on)
    )


def test_a_change_asks_everyone_anew() -> None:
    more = replace(PROPOSE, places=45)
    assert state(PROPOSE, *SIGN, more) == "proposed"
    given(*after(PROPOSE, *SIGN, more)).when(START).then_refused("insats-not-agreed")
    assert state(PROPOSE, *SIGN, more, *SIGN) == "agreed"
    given(*after(PROPOSE, *SIGN, START)).when(more).then_refused("insats-already-started")


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("too-few-parties", {"parties": frozenset({FK})}),
        ("period-invalid", {"ends_on": date(2025, 12, 31)}),
        ("participants-invalid", {"places": 0}),
        ("not-a-party", {"steering_group": frozenset({"2262"})}),
        ("not-a-party", {"contributions": (Contribution("2262", 2026, "money", Decimal(1)),)}),
        ("contribution-kind-unknown", {"contributions": (Contribution(FK, 2026, "shares", Decimal(1)),)}),
        ("contribution-outside-period", {"contributions": (Contribution(FK, 2028, "money", Decimal(1)),)}),
        ("amount-invalid", {"contributions": (Contribution(FK, 2026, "money", Decimal("0.00")),)}),
        ("contribution-doubled", {"contributions": (Contribution(FK, 2026, "money", Decimal(1)),) * 2}),
        ("contributions-missing", {"contributions": ()}),
    ],
)
def test_an_impossible_agreement_is_refused(code: str, changes: dict[str, object]) -> None:
    given().when(replace(PROPOSE, **changes)).then_refused(code)  # type: ignore[arg-type]


def test_only_parties_sign_once_and_after_the_proposal() -> None:
    given(*after(PROPOSE)).when(replace(SIGN[0], party="2262")).then_refused("not-a-party")
    given(*after(PROPOSE)).when(replace(SIGN[0], signed_on=date(2025, 11, 30))).then_refused("signed-before-proposal")
    given(*after(PROPOSE, SIGN[0])).when(replace(SIGN[0], signed_on=date(2025, 12, 11))).then_refused("already-signed")
    given(*after(PROPOSE, END)).when(SIGN[0]).then_refused("insats-already-ended")


def test_it_starts_after_the_agreement_and_once() -> None:
    given(*after(PROPOSE, *SIGN)).when(replace(START, started_on=date(2025, 12, 9))).then_refused(
        "started-before-agreement"
    )
    given(*after(PROPOSE, *SIGN, START)).when(replace(START, started_on=date(2026, 1, 8))).then_refused(
        "insats-already-started"
    )
    for command in (*SIGN, START, REGULAR, END):
        given().when(command).then_refused("insats-unknown")


def test_regular_operation_says_who_bears_it() -> None:
    project = after(PROPOSE, *SIGN, START)
    given(*after(PROPOSE, *SIGN)).when(REGULAR).then_refused("insats-not-started")
    given(*project).when(replace(REGULAR, yearly_cost={})).then_refused("contributions-missing")
    given(*project).when(replace(REGULAR, yearly_cost={"2262": Decimal(1)})).then_refused("not-a-party")
    given(*project).when(replace(REGULAR, yearly_cost={SKELLEFTEA: Decimal(0)})).then_refused("amount-invalid")
    given(*project).when(replace(REGULAR, regular_from=date(2027, 10, 3))).then_refused("regular-before-decision")
    given(*project, *decide(REGULAR, INSATS.fold(project))).when(
        replace(REGULAR, decided_on=date(2027, 10, 5))
    ).then_refused("already-regular")


def test_it_ends_once_and_not_before_it_began() -> None:
    given(*after(PROPOSE, *SIGN, START)).when(replace(END, last_day_on=date(2026, 1, 6))).then_refused(
        "ended-before-start"
    )
    for command in (replace(END, last_day_on=date(2029, 7, 1)), REGULAR):
        given(*after(PROPOSE, *SIGN, START, END)).when(command).then_refused("insats-already-ended")


def test_a_refused_reaction_is_recorded_with_its_command_and_code() -> None:
    event = refusal(START, Refused("insats-unknown"))
    assert event == InsatsReactionRefused(command="StartInsats", code="insats-unknown")
    given(*after(PROPOSE), event).when(PROPOSE).then_nothing()


def test_the_method_is_described_anew_until_and_after_the_end() -> None:
    better = replace(DESCRIBE, lessons="Börja med arbetsgivarna")
    for commands in ((PROPOSE, DESCRIBE), (*WHOLE_LIFE,)):
        insats = INSATS.fold(after(*commands, better))
        assert insats.method is not None and insats.method.lessons == "Börja med arbetsgivarna"
        assert insats.state == state(*commands)
    given().when(DESCRIBE).then_refused("insats-unknown")
