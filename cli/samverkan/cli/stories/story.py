"""The format of a story, and how a file of it is read.

    title: {sv: För tidig start, en: Started too early}
    steps:
      - step: The municipality refers the person
        as: kommun                                  # on whose behalf (Samverkan-Agency); `actor` says by whom
        do: POST intake /referrals
        body: {person_number: "198808112380", …}
        expect: {status: [200, 201]}                # any success when left out
        save: {case: stream_id}                     # from the answer, for ${case} in later steps; a.0.b: of the first
        on: 2026-02-02                              # what day it is in the whole system from this step on
      - step: The enrolment has reached placement
        do: GET agency.af /cases/${case}
        until: {body: {enrolled_on: 2026-02-10}}    # asked again until it holds, at most `within` seconds
      - step: Too early
        as: kommun
        do: POST placement /placements/${placement}/start
        body: {starts_on: 2026-03-02}
        expect: {problem: starts-before-decision}   # the stable code of a refusal
        nothing_published: true                     # no topic has got a new event of this story
    agencies:                                       # what each agency's store must hold in the end
      af:
        - get: /cases/${case}
          holds: {…}
          sealed: [health]                          # null or absent everywhere: this agency may not see it
    show:                                           # rows of the final table, from what `holds` names
      - {row: credit a month, key: credit_per_month, compartment: economy}

How an expectation is compared: matching.py. `${run}` is the id of this playing. A step is sent with an Idempotency-Key
made of that id and the step's number, so it can be sent again whenever its answer was lost.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from samverkan.cli.stories import strict_yaml
from samverkan.cli.system_clock import moment
from samverkan.schemas.catalogue import AGENCIES, TOPICS

WITHIN_SECONDS: Final = 30.0  # a killed process is back in 2 s, a killed broker with its consumers in about 10 s
RUN: Final = "run"

_VARIABLE = re.compile(r"\$\{([a-z_]+)\}")
_REQUEST = re.compile(r"(GET|POST) ([a-z.]+) (/\S*)")
_AGENCY_CODES: Final = tuple(agency.code for agency in AGENCIES)
SERVICES: Final = (*(topic.owner for topic in TOPICS), *(f"agency.{code}" for code in _AGENCY_CODES))


class StoryInvalid(Exception):
    """A story file cannot be played. The message names file and place, and says what is wrong there."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(_Part):
    """What the story is about, in one line each."""

    sv: str
    en: str


class Request(_Part):
    """`POST intake /referrals`."""

    method: Literal["GET", "POST"]
    service: str
    path: str


def _request(value: object) -> object:
    match = _REQUEST.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError("write it as: POST intake /referrals")
    if match[2] not in SERVICES:
        raise ValueError(f"no service {match[2]!r}; there are {', '.join(SERVICES)}")
    return {"method": match[1], "service": match[2], "path": match[3]}


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else (value,)


class Expectation(_Part):
    """What an answer must be. Empty: any success."""

    status: Annotated[tuple[Annotated[int, Field(ge=100, le=599)], ...], BeforeValidator(_listed)] = ()
    problem: str | None = None
    body: Any = None

    def allows(self, status: int) -> bool:
        """Whether the status is one of those expected."""
        if self.status:
            return status in self.status
        return status >= 400 if self.problem is not None else 200 <= status < 300


class Step(_Part):
    """One request and what must come of it."""

    step: str
    on: datetime | None = None
    do: Annotated[Request, BeforeValidator(_request)]
    as_: str | None = Field(None, alias="as")
    actor: str | None = None
    body: Any = None
    expect: Expectation | None = None
    until: Expectation | None = None
    within: Annotated[int, Field(gt=0, le=600)] | None = None
    save: dict[str, str] = {}
    nothing_published: bool = False

    @field_validator("on", mode="before")
    @classmethod
    def _swedish(cls, on: object) -> object:
        return moment(on) if isinstance(on, str) else on

    @field_validator("as_")
    @classmethod
    def _known(cls, code: str | None) -> str | None:
        if code is not None and code not in _AGENCY_CODES:
            raise ValueError(f"no agency {code!r}; there are {', '.join(_AGENCY_CODES)}")
        return code

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.expect is not None and self.until is not None:
            raise ValueError("has both expect and until")
        if self.do.method == "POST" and self.as_ is None:
            raise ValueError("a POST says on whose behalf: as")
        if self.do.method == "GET" and self.body is not None:
            raise ValueError("a GET has no body")
        if self.within is not None and self.until is None:
            raise ValueError("within belongs to until")
        return self

    @property
    def wanted(self) -> Expectation:
        """What the answer must be, at once or eventually."""
        return self.until or self.expect or Expectation()


class StoreCheck(_Part):
    """What an agency's store must answer in the end."""

    get: Annotated[str, Field(pattern=r"^/\S*$")]
    holds: Any = None
    sealed: tuple[str, ...] = ()
    problem: str | None = None


class Row(_Part):
    """A row of the final table: what each agency's answer holds at `key`; an agency may not see its `compartment`."""

    row: str
    key: str
    compartment: str | None = None


class Story(_Part):
    """A whole story. `agencies`: by code."""

    title: Title
    about: str = ""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    agencies: dict[str, tuple[StoreCheck, ...]] = {}
    show: tuple[Row, ...] = ()

    @field_validator("agencies")
    @classmethod
    def _agencies_exist(cls, agencies: dict[str, Any]) -> dict[str, Any]:
        for code in agencies:
            if code not in _AGENCY_CODES:
                raise ValueError(f"no agency {code!r}; there are {', '.join(_AGENCY_CODES)}")
        return agencies

    @property
    def sets_the_clock(self) -> bool:
        """Whether it plays at another time than the machine's."""
        return any(step.on is not None for step in self.steps)


def load_story(path: Path) -> Story:
    """Read and check a story file. StoryInvalid: it cannot be played, and why."""
    try:
        document = strict_yaml.load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StoryInvalid(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise StoryInvalid(f"{path}: is not UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = "" if error.problem_mark is None else f":{error.problem_mark.line + 1}"
        raise StoryInvalid(f"{path}{line}: {error.problem}") from None
    try:
        story = Story.model_validate(document)
    except ValidationError as error:
        raise StoryInvalid("\n".join(_sentences(path, document, error))) from None
    _check_variables(path, story)
    return story


def files_of(path: Path) -> list[Path]:
    """The story itself, or those of a folder by name. StoryInvalid: there is none."""
    if not path.is_dir():
        return [path]
    found = sorted(path.glob("*.yaml"))
    if not found:
        raise StoryInvalid(f"{path}: no story (*.yaml) in this folder")
    return found


def variables_in(value: Any) -> set[str]:
    """The names of the variables that a part of a story uses."""
    return {name for text in _texts(value) for name in _VARIABLE.findall(text)}


def filled(value: Any, variables: dict[str, str]) -> Any:
    """The same part with every `${name}` replaced."""
    match value:
        case str():
            return _VARIABLE.sub(lambda match: variables[match[1]], value)
        case dict():
            return {filled(key, variables): filled(item, variables) for key, item in value.items()}
        case list() | tuple():
            return [filled(item, variables) for item in value]
        case _:
            return value


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, item in value.items():
                yield from _texts(key)
                yield from _texts(item)
        case list() | tuple():
            for item in value:
                yield from _texts(item)
        case BaseModel():
            yield from _texts(value.model_dump())


def _check_variables(path: Path, story: Story) -> None:
    """A misspelt variable is found before anything is sent, not after half the story."""
    known = {RUN}
    for number, step in enumerate(story.steps, 1):
        _refuse_unknown(path, f"step {number} ({step.step})", variables_in(step) - known)
        known |= step.save.keys()
    for code, checks in story.agencies.items():
        _refuse_unknown(path, f"agencies.{code}", variables_in(checks) - known)


def _refuse_unknown(path: Path, where: str, unknown: set[str]) -> None:
    if unknown:
        names = ", ".join(f"${{{name}}}" for name in sorted(unknown))
        raise StoryInvalid(f"{path}: {where}: {names} is used and no step before has saved it")


def _sentences(path: Path, document: Any, error: ValidationError) -> Iterator[str]:
    for detail in error.errors(include_url=False, include_context=False):
        location = list(detail["loc"])
        where = ""
        if len(location) >= 2 and location[0] == "steps" and isinstance(location[1], int):
            where = f"step {location[1] + 1}{_name_of(document, location[1])}: "
            location = location[2:]
        field = ".".join(str(part) for part in location)
        message = str(detail["msg"]).removeprefix("Value error, ")
        yield f"{path}: {where}{field + ': ' if field else ''}{message}"


def _name_of(document: Any, index: int) -> str:
    try:
        return f" ({document['steps'][index]['step']})"
    except (KeyError, TypeError, IndexError):
        return ""
