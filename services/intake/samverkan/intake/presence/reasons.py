"""Why a day was missed, as data with a source (reasons.toml), read and checked once at start-up."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter, ValidationError

from samverkan.backbone.errors import Permanent


class LowersGross(StrEnum):
    """Whether an absence lowers the gross that a claim counts (domain.md section 4, rule 4)."""

    ALWAYS = "always"
    AFTER_SICK_PAY = "after-sick-pay"
    NEVER = "never"


@dataclass(frozen=True)
class Reason:
    """One reason. `deviation`: the participant was expected and stayed away, which AF or FK is told.

    A `remark` says what is not verified about the source, or is our reading of it.
    """

    code: str
    sv: str
    en: str
    lowers_gross: LowersGross
    valid_from: date
    source: str
    deviation: bool = True
    valid_until: date | None = None
    remark: str | None = None

    def in_force(self, day: date) -> bool:
        """Whether it may be given for that day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True)
class SickPay:
    """How many calendar days of one period of sickness the employer pays, and what counts as the same period."""

    days: int
    relapse_days: int
    source: str
    remark: str


@dataclass(frozen=True)
class Reasons:
    """All reasons, by code."""

    reason: Mapping[str, Reason]
    sick_pay: SickPay


@dataclass(frozen=True)
class _File:
    sick_pay: SickPay
    reason: tuple[Reason, ...] = ()


class ReasonsInvalid(Permanent):
    """The file cannot be used: the service must not start. The message says why."""

    def __init__(self, message: str) -> None:
        super().__init__("reasons-invalid", f"reasons.toml: {message}")


@cache
def reasons() -> Reasons:
    """The reasons. ReasonsInvalid: the file cannot be used."""
    return read_reasons(files("samverkan.intake.presence").joinpath("reasons.toml").read_text(encoding="utf-8"))


def read_reasons(text: str) -> Reasons:
    """The reasons of a file. ReasonsInvalid: it cannot be used."""
    try:
        read = TypeAdapter(_File).validate_python(tomllib.loads(text), extra="forbid")
    except tomllib.TOMLDecodeError as error:
        raise ReasonsInvalid(str(error)) from None
    except ValidationError as error:
        places = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_input=False)]
        raise ReasonsInvalid("; ".join(places)) from None
    if doubled := [code for code, times in Counter(one.code for one in read.reason).items() if times > 1]:
        raise ReasonsInvalid(f"{', '.join(doubled)} stands there twice")
    if not read.reason:
        raise ReasonsInvalid("there is no reason")
    return Reasons({one.code: one for one in read.reason}, read.sick_pay)
