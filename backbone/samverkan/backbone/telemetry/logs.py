"""Logs: one line per fact, JSON in production and readable on a terminal, the standard library's routed through.

Three defences keep personal data out, whatever a caller or a library hands over: only plain values are printed (an
event, a row or a request body becomes its type's name), exceptions are reduced to type, code and place, and what
looks like a personnummer is replaced. They are the second line; the first is not to log it.
"""

import asyncio
import logging
import sys
from collections.abc import Mapping, MutableMapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from types import TracebackType
from typing import Any, Final, Literal, TextIO
from uuid import UUID

import orjson
import structlog
from structlog.types import EventDict, Processor

from samverkan.backbone.telemetry.exceptions import describe, reduced
from samverkan.backbone.telemetry.scrub import scrub

LogFormat = Literal["json", "console"]

_TEXT_MAX: Final = 2_000  # characters of one value: a log line is no place for a payload
_NOT_CODES: Final = {"type", "frames", "cause", "members"}
_KEPT_AS_THEY_ARE: Final = {"_record", "_from_structlog"}  # structlog's own, removed before rendering


def configure_logging(
    service: str, log_format: LogFormat, level: int = logging.INFO, stream: TextIO | None = None
) -> None:
    """Make every logger of this process write through here, to standard error unless told otherwise.

    Called once, first thing in a process, before anything logs. `service` stands in every line.
    """

    def name_service(_logger: object, _method: str, line: EventDict) -> EventDict:
        line["service"] = service
        return line

    chain: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_service,
        _reduce_exception,
        _only_plain_values,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *chain, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,  # tests configure again; a lookup costs a microsecond
    )
    render: list[Processor] = (
        [structlog.processors.JSONRenderer(serializer=_to_json)]
        if log_format == "json"
        else [_exception_as_text, structlog.dev.ConsoleRenderer(colors=(stream or sys.stderr).isatty())]
    )
    handler = _Handler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=chain,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    handler.addFilter(_without_exception_texts)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in list(logging.root.manager.loggerDict):  # uvicorn and FastStream bring handlers of their own
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        """A line that cannot be written is told of, without it: the standard library would print its arguments."""
        error = sys.exc_info()[1]
        cause = "?" if error is None else describe(error)
        sys.stderr.write(f"a log line of {record.name} could not be written: {cause}\n")


def log_unhandled(_loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
    """An event loop's exception handler: the default one prints the failed task with its exception's message.

    For `loop.set_exception_handler`, in the run loop.
    """
    error = context.get("exception")
    structlog.stdlib.get_logger("asyncio").error("unhandled", exc_info=error if error is not None else False)


def _log_uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """What ends the process; Python itself would print the message, and PostgreSQL's repeats a row."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
    else:
        structlog.stdlib.get_logger("python").critical("uncaught", exc_info=error)


def _without_exception_texts(record: logging.LogRecord) -> bool:
    """Take the messages of exceptions out of a library's own line: as arguments, or already pasted into the text."""
    if isinstance(record.msg, dict):
        return True  # ours, from structlog
    if isinstance(record.args, tuple):
        record.args = tuple(_reduced_argument(argument) for argument in record.args)
    elif record.args:
        record.args = {name: _reduced_argument(argument) for name, argument in record.args.items()}
    text = _message(record)
    error = record.exc_info[1] if record.exc_info else None
    if error is not None and str(error):
        text = text.replace(repr(error), describe(error)).replace(str(error), describe(error))
    if record.name == "asyncio":  # what follows is the repr of a task or callback with its arguments
        text = text.partition("\n")[0].partition("(")[0].partition("<")[0].strip()
    record.msg, record.args = text, ()
    return True


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return "a log line that could not be formatted"


def _reduced_argument(argument: object) -> object:
    return describe(argument) if isinstance(argument, BaseException) else argument


def _reduce_exception(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Replace `exc_info` by what may be told of it; drop rendered tracebacks and stacks, which show source lines."""
    given = line.pop("exc_info", None)
    line.pop("stack_info", None)
    line.pop("exception", None)
    error = (
        given
        if isinstance(given, BaseException)
        else given[1]
        if isinstance(given, tuple)
        else sys.exc_info()[1]
        if given
        else None
    )
    if error is not None:
        line["exception"] = reduced(error)
    return line


def _exception_as_text(_logger: object, _method: str, line: EventDict) -> EventDict:
    facts: Any = line.pop("exception", None)
    lines = []
    while facts is not None:
        codes = (f"{name}={code}" for name, code in facts.items() if name not in _NOT_CODES)
        lines.append(" ".join((facts["type"], *codes)))
        lines.extend(f"  {frame}" for frame in facts["frames"])
        facts = facts.get("cause")
    if lines:
        line["exception"] = "\n".join(lines)
    return line


def _only_plain_values(_logger: object, _method: str, line: EventDict) -> EventDict:
    return {_plain_key(key): value if key in _KEPT_AS_THEY_ARE else _plain(value) for key, value in line.items()}


def _plain_key(key: object) -> str:
    return scrub(str(key))


def _plain(value: object, depth: int = 8) -> object:
    match value:
        case None | bool() | float():
            return value
        case Enum():
            return _plain(value.value)
        case int():
            text = scrub(str(value))
            return value if text == str(value) and value.bit_length() < 64 else text  # JSON writers stop at 64 bits
        case str():
            readable = value[:_TEXT_MAX].encode(errors="replace").decode()  # a lone surrogate would stop the writer
            return scrub(readable)
        case BaseException():
            return describe(value)
        case UUID() | date() | datetime() | timedelta() | Decimal():
            return scrub(str(value))
        case Mapping() if depth > 0:
            return {_plain_key(key): _plain(entry, depth - 1) for key, entry in value.items()}
        case list() | tuple() | set() | frozenset() if depth > 0:
            return [_plain(entry, depth - 1) for entry in value]
        case _:
            return f"<{type(value).__name__}>"


def _to_json(line: MutableMapping[str, Any], **_options: object) -> str:
    return orjson.dumps(line, default=lambda value: f"<{type(value).__name__}>").decode()
