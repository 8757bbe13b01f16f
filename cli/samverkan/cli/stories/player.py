"""Plays one story against a running system."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final
from uuid import UUID

import httpx

from samverkan.cli.calls import Answer, NoAnswer, client, send
from samverkan.cli.stories.matching import Compared, compare, held, is_sealed, shown
from samverkan.cli.stories.published import STILL_SECONDS, Topics
from samverkan.cli.stories.story import RUN, WITHIN_SECONDS, Expectation, Step, StoreCheck, Story, filled
from samverkan.cli.stories.visibility import Kept, applied_so_far, disagreements, settled
from samverkan.cli.system_clock import SystemTime
from samverkan.cli.up.run import Run

CASE: Final = "case"  # the variable whose value is the case's id: what agencies keep events by
_POLL_SECONDS: Final = 0.1


@dataclass(frozen=True)
class StepDone:
    """One line of the story. `difference` is empty when what came is what was expected, and when it was skipped."""

    number: int
    step: Step
    answer: Answer | None
    seconds: float
    difference: str = ""
    skipped: bool = False


@dataclass(frozen=True)
class Store:
    """What one agency's store answered in the end: `leaves` at the keys that the story names."""

    code: str
    leaves: dict[str, Any]
    sealed: frozenset[str]
    differences: tuple[str, ...]
    events: tuple[Kept, ...] = ()  # of this playing
    kept: int = 0  # of the case, earlier playings included


@dataclass
class Played:
    """What came of a story. `repeats`: its first command was answered as one that had been carried out before."""

    run_id: str
    steps: list[StepDone] = field(default_factory=list)
    stores: list[Store] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    repeats: bool = False

    @property
    def held(self) -> bool:
        """Whether every expectation held."""
        return not any(step.difference for step in self.steps) and not any(store.differences for store in self.stores)


class Player:
    """Plays stories on one running system. `tell` is given every step as it ends, `sending` each before it is sent."""

    def __init__(
        self,
        run: Run,
        *,
        tell: Callable[[StepDone], None] = lambda _: None,
        sending: Callable[[int, Step], None] = lambda _number, _step: None,
        deadline_seconds: float = 60.0,
        within_seconds: float = WITHIN_SECONDS,
    ) -> None:
        self._run = run
        self._time = SystemTime(run)
        self._tell = tell
        self._sending = sending
        self._deadline_seconds = deadline_seconds
        self._within_seconds = within_seconds

    async def play(self, story: Story, run_id: str) -> Played:
        """Every step in order; the first that does not hold ends it. Then the agencies' stores.

        With a `run_id` that was played before, the steps that expect a refusal are skipped: what the rules refused
        then they may allow now, and a repetition must not do anything new. A story that sets the clock plays alone and
        leaves the system at the machine's time.
        """
        with self._time.held(alone=story.sets_the_clock):
            try:
                return await self._play(story, run_id)
            finally:
                if story.sets_the_clock:
                    self._time.put_back()

    async def _play(self, story: Story, run_id: str) -> Played:
        began, before = monotonic(), await applied_so_far(self._dsns(story))
        played = Played(run_id, variables={RUN: run_id})
        async with client() as http:
            for number, step in enumerate(story.steps, 1):
                if played.repeats and step.wanted.problem is not None:
                    done = StepDone(number, step, None, 0.0, skipped=True)
                else:
                    self._sending(number, step)
                    await self._turn_clock(story, step, played.variables)
                    done = await self._step(http, number, step, played.variables)
                if number == 1 and done.answer is not None and isinstance(done.answer.body, dict):
                    played.repeats = done.answer.body.get("repeated") is True and done.answer.attempts == 1
                played.steps.append(done)
                self._tell(done)
                if done.difference:
                    break
            else:
                played.stores = await self._stores(http, story, played.variables, before)
        played.seconds = monotonic() - began
        return played

    async def _turn_clock(self, story: Story, step: Step, variables: dict[str, str]) -> None:
        """Only when all have seen what has happened so far: what is on its way would arrive on another day."""
        if step.on is None:
            return
        if CASE in variables:
            await settled(self._dsns(story), UUID(variables[CASE]), self._within_seconds)
        self._time.set(step.on)

    def _dsns(self, story: Story) -> dict[str, str]:
        return {code: self._run.service(f"agency.{code}").dsn for code in story.agencies}

    async def _step(self, http: httpx.AsyncClient, number: int, step: Step, variables: dict[str, str]) -> StepDone:
        began = monotonic()
        if not step.nothing_published:
            answer, difference = await self._request(http, number, step, variables)
        else:
            async with Topics(self._run.bootstrap) as topics:
                before = await topics.still()
                began = monotonic()
                answer, difference = await self._request(http, number, step, variables)
                await asyncio.sleep(STILL_SECONDS)
                found = await topics.since(before, frozenset(variables.values()))
            if found and not difference:
                listed = ", ".join(sorted({f"{one.event} on {one.topic}" for one in found}))
                difference = f"published, though nothing should be: {listed}"
        if answer is not None and not difference:
            difference = _save(step, answer, variables)
        return StepDone(number, step, answer, monotonic() - began, difference)

    async def _request(
        self, http: httpx.AsyncClient, number: int, step: Step, variables: dict[str, str]
    ) -> tuple[Answer | None, str]:
        """Once, or again until it holds: a refused command keeps nothing under its key, an accepted one repeats."""
        url = self._run.service(step.do.service).url + filled(step.do.path, variables)
        wanted = filled_expectation(step.wanted, variables)
        waits = float(step.within or self._within_seconds) if step.until is not None else 0.0
        deadline = monotonic() + waits
        while True:
            try:
                answer = await send(
                    http,
                    step.do.method,
                    url,
                    headers=_headers(step, number, variables[RUN]),
                    body=filled(step.body, variables),
                    deadline_seconds=max(self._deadline_seconds, waits),
                )
            except NoAnswer as silence:
                return None, str(silence)
            difference = judge(wanted, answer).differences
            if not difference:
                return answer, ""
            if monotonic() > deadline:
                waited = f"not within {waits:.0f} s, at last: " if waits else ""
                return answer, waited + "; ".join(difference)
            await asyncio.sleep(_POLL_SECONDS)

    async def _stores(
        self, http: httpx.AsyncClient, story: Story, variables: dict[str, str], before: dict[str, int]
    ) -> list[Store]:
        """What every agency of the story answers, and whether all keep the same events of the case."""
        codes = list(story.agencies)
        answers = await asyncio.gather(*(self._answers(http, code, story.agencies[code], variables) for code in codes))
        kept: dict[str, list[Kept]] = {code: [] for code in codes}
        if CASE in variables:
            kept = await settled(self._dsns(story), UUID(variables[CASE]), self._within_seconds)
        disagreeing = disagreements(kept)
        return [
            Store(
                code,
                compared.leaves,
                frozenset(name for check in story.agencies[code] for name in check.sealed),
                (*compared.differences, *([disagreeing[code]] if code in disagreeing else [])),
                tuple(one for one in kept[code] if one.order > before[code]),
                len(kept[code]),
            )
            for code, compared in zip(codes, answers, strict=True)
        ]

    async def _answers(
        self, http: httpx.AsyncClient, code: str, checks: tuple[StoreCheck, ...], variables: dict[str, str]
    ) -> Compared:
        """All checks of one agency, again until they hold or time is up."""
        url = self._run.service(f"agency.{code}").url
        deadline = monotonic() + self._within_seconds
        while True:
            compared = Compared()
            for check in checks:
                one = await self._check(http, url, check, variables)
                compared.differences += one.differences
                compared.leaves = held(compared.leaves, one.leaves, check.get)
            if not compared.differences or monotonic() > deadline:
                return compared
            await asyncio.sleep(_POLL_SECONDS)

    async def _check(self, http: httpx.AsyncClient, url: str, check: StoreCheck, variables: dict[str, str]) -> Compared:
        path = filled(check.get, variables)
        try:
            answer = await send(http, "GET", url + path, deadline_seconds=self._deadline_seconds)
        except NoAnswer as silence:
            return Compared([f"{check.get}: {silence}"])
        wanted = Expectation(problem=check.problem, body=filled(check.holds, variables))
        compared = judge(wanted, answer)
        if check.problem is None:
            compared.differences += [
                f"{name} is not sealed" for name in check.sealed if not is_sealed(answer.body, name)
            ]
        return Compared([f"{check.get}: {difference}" for difference in compared.differences], compared.leaves)


def judge(wanted: Expectation, answer: Answer) -> Compared:
    """Compare an answer with what was wanted."""
    if not wanted.allows(answer.status) or (wanted.problem is not None and answer.problem != wanted.problem):
        got = f"{answer.status}" + (f" {answer.problem}" if answer.problem else "")
        errors = answer.body.get("errors") if isinstance(answer.body, dict) else None
        return Compared([f"answered {got}, not {_asked(wanted)}" + (f" ({shown(errors)})" if errors else "")])
    return Compared() if wanted.body is None else compare(wanted.body, answer.body)


def filled_expectation(wanted: Expectation, variables: dict[str, str]) -> Expectation:
    """The expectation with its variables replaced."""
    return wanted.model_copy(update={"body": filled(wanted.body, variables)})


def _asked(wanted: Expectation) -> str:
    if wanted.problem is not None:
        return wanted.problem
    return " or ".join(map(str, wanted.status)) or "a success"


def _headers(step: Step, number: int, run_id: str) -> dict[str, str]:
    headers = {"Accept-Language": "sv"}
    if step.as_ is not None:
        headers["Samverkan-Agency"] = step.as_
    if step.actor is not None:
        headers["Samverkan-Actor"] = step.actor
    if step.do.method == "POST":
        headers["Idempotency-Key"] = f"{run_id}/{number}"
    return headers


def _save(step: Step, answer: Answer, variables: dict[str, str]) -> str:
    """Keep what later steps need; a sentence when it is not there."""
    for name, path in step.save.items():
        value = answer.body
        for part in path.split("."):
            if isinstance(value, list) and part.isdecimal():
                value = value[int(part)] if int(part) < len(value) else None
            else:
                value = value.get(part) if isinstance(value, dict) else None
        if value is None:
            return f"the answer has no {path} to save as ${{{name}}}"
        variables[name] = str(value)
    return ""
