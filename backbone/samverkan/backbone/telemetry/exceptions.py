"""What may be told of an exception: its type, stable codes and where it was raised. Never its message or its locals.

A message is somebody else's text: asyncpg's repeats the row that was refused, pydantic's the input, a KeyError the
key. What is kept is enough to find the line, and nothing of a person.
"""

import re
from collections.abc import Mapping
from types import TracebackType
from typing import Final

from pydantic import ValidationError

FRAMES_MAX: Final = 12  # the innermost ones; a recursion would otherwise fill a line with a thousand
_DEPTH_MAX: Final = 4  # causes of causes, and exceptions within groups

# Attributes that hold a code and nothing else, with the form that such a code has: ours, PostgreSQL's SQLSTATE and
# names of our own schema, and the numbers of the operating system and of Kafka.
_CODES: Final[Mapping[str, re.Pattern[str]]] = {
    "code": re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*"),
    "sqlstate": re.compile(r"[0-9A-Z]{5}"),
    "constraint_name": re.compile(r"[a-z_][a-z0-9_]{0,62}"),
    "table_name": re.compile(r"[a-z_][a-z0-9_]{0,62}"),
    "errno": re.compile(r"-?[0-9]{1,5}"),
}


def describe(error: BaseException) -> str:
    """One line: `UniqueViolationError sqlstate=23505 constraint_name=journal_pkey`. Fit to be stored and shown."""
    codes = " ".join(f"{name}={code}" for name, code in _codes(error).items())
    return f"{type(error).__name__} {codes}".rstrip()


def reduced(error: BaseException, depth: int = _DEPTH_MAX) -> dict[str, object]:
    """All that a log may hold: type, codes, frames (innermost last), the same of its cause and of a group's members."""
    facts: dict[str, object] = {"type": _type_name(error), **_codes(error), "frames": _frames(error.__traceback__)}
    if depth > 0:
        cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if cause is not None:
            facts["cause"] = reduced(cause, depth - 1)
        if isinstance(error, BaseExceptionGroup):
            facts["members"] = [reduced(member, depth - 1) for member in error.exceptions[:FRAMES_MAX]]
    return facts


def _codes(error: BaseException) -> dict[str, str]:
    found = {}
    for name, form in _CODES.items():
        value = getattr(error, name, None)
        if isinstance(value, str | int) and form.fullmatch(str(value)):
            found[name] = str(value)
    if isinstance(error, ValidationError):
        # The kinds only: a location can be a key of the input.
        kinds = {detail["type"] for detail in error.errors(include_input=False, include_url=False)}
        found["errors"] = ",".join(sorted(kinds))
    return found


def _frames(traceback: TracebackType | None) -> list[str]:
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        module = traceback.tb_frame.f_globals.get("__name__", "?")
        frames.append(f"{module}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return frames[-FRAMES_MAX:]


def _type_name(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
