"""Whatever is handed to a log, no personal data comes out; every line is one line and names its service."""

import asyncio
import gc
import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest
import structlog
from pydantic import BaseModel, ValidationError

from samverkan.backbone.errors import Permanent
from samverkan.backbone.telemetry.alarms import Alarm, alarm
from samverkan.backbone.telemetry.exceptions import describe
from samverkan.backbone.telemetry.logs import configure_logging, log_unhandled

NAME = "Test Testsson"
NUMBER = "198808112380"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    stream = io.StringIO()
    configure_logging("placement", "json", stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook = hook
    structlog.reset_defaults()


@pytest.fixture
def lines(written: io.StringIO) -> Lines:
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


def refused_row() -> asyncpg.PostgresError:
    """What asyncpg raises for a refused row: its message and detail repeat the row."""
    error = asyncpg.UniqueViolationError(f"duplicate key ({NAME}, {NUMBER})")
    error.detail = f"Key (person_number)=({NUMBER}) already exists for {NAME}."
    error.constraint_name = "journal_pkey"
    return error


@dataclass
class Row:
    name: str


def test_a_line_names_service_level_time_and_logger(lines: Lines) -> None:
    structlog.stdlib.get_logger("samverkan.x").info("applied", events=3, topic="samverkan.placement")
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "applied",
        "events": 3,
        "topic": "samverkan.placement",
        "level": "info",
        "logger": "samverkan.x",
        "service": "placement",
    }


def test_lines_of_libraries_come_out_in_the_same_form(lines: Lines) -> None:
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 12)
    (line,) = lines()
    assert (line["event"], line["service"], line["logger"]) == (
        "Started server process [12]",
        "placement",
        "uvicorn.error",
    )


def test_a_personal_number_is_replaced_in_texts_numbers_keys_and_nested_values(
    lines: Lines, written: io.StringIO
) -> None:
    structlog.stdlib.get_logger().info(
        f"case {NUMBER}", number=int(NUMBER), nested={"x": [NUMBER, {"y": "19880811-2380"}], NUMBER: 1}, **{NUMBER: 2}
    )
    logging.getLogger("aiokafka").warning("key %s", NUMBER)
    assert len(lines()) == 2
    assert "2380" not in written.getvalue()


def test_only_plain_values_are_printed(lines: Lines, written: io.StringIO) -> None:
    class Body(BaseModel):
        name: str

    structlog.stdlib.get_logger().info("x", row=Row(NAME), body=Body(name=NAME), raw=NAME.encode(), rows=[Row(NAME)])
    (line,) = lines()
    assert (line["row"], line["body"], line["raw"], line["rows"]) == ("<Row>", "<Body>", "<bytes>", ["<Row>"])
    assert NAME not in written.getvalue()


def test_a_refused_row_is_reduced_to_sqlstate_and_constraint(lines: Lines, written: io.StringIO) -> None:
    secret_local = NAME
    try:
        raise Permanent("constraint-refused", secret_local) from refused_row()
    except Permanent:
        structlog.stdlib.get_logger().exception("parked")
    exception = lines()[0]["exception"]
    assert exception["type"] == "samverkan.backbone.errors.Permanent"
    assert exception["code"] == "constraint-refused"
    assert exception["frames"][0].endswith("test_a_refused_row_is_reduced_to_sqlstate_and_constraint")
    assert exception["cause"]["sqlstate"] == "23505"
    assert exception["cause"]["constraint_name"] == "journal_pkey"
    assert NAME not in written.getvalue()
    assert NUMBER not in written.getvalue()


def test_an_exception_in_a_librarys_line_is_reduced_too(lines: Lines, written: io.StringIO) -> None:
    logger = logging.getLogger("faststream")
    logger.error("failed: %s", refused_row())
    error = refused_row()
    logger.error(f"failed: {error}", exc_info=error)  # noqa: G004 - what FastStream does
    assert [line["event"] for line in lines()] == [
        "failed: UniqueViolationError sqlstate=23505 constraint_name=journal_pkey"
    ] * 2
    assert NAME not in written.getvalue()
    assert NUMBER not in written.getvalue()


def test_a_validation_error_tells_kinds_and_neither_input_nor_keys() -> None:
    class Body(BaseModel):
        scores: dict[str, int]

    with pytest.raises(ValidationError) as caught:
        Body.model_validate({"scores": {NAME: NAME}})
    assert describe(caught.value) == "ValidationError errors=int_parsing"


def test_a_code_that_is_no_code_is_left_out() -> None:
    error = refused_row()
    error.constraint_name = f"Key ({NAME})"
    error.code = NAME  # type: ignore[attr-defined]
    assert describe(error) == "UniqueViolationError sqlstate=23505"


def test_a_task_that_fails_unseen_is_logged_without_its_message(lines: Lines, written: io.StringIO) -> None:
    async def fail() -> None:
        raise refused_row()

    async def scenario() -> None:
        asyncio.get_running_loop().set_exception_handler(log_unhandled)
        task = asyncio.create_task(fail())
        await asyncio.wait({task})

    asyncio.run(scenario())
    gc.collect()  # a task tells of its unseen exception when it is collected
    (line,) = lines()
    assert line["exception"]["sqlstate"] == "23505"
    assert NAME not in written.getvalue()


def test_what_ends_the_process_is_logged_without_its_message(lines: Lines, written: io.StringIO) -> None:
    error = refused_row()
    sys.excepthook(type(error), error, None)
    (line,) = lines()
    assert (line["event"], line["level"], line["exception"]["sqlstate"]) == ("uncaught", "critical", "23505")
    assert NAME not in written.getvalue()


def test_without_that_handler_asyncios_own_line_is_cut_before_the_tasks_repr(
    lines: Lines, written: io.StringIO
) -> None:
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: <Task exception=%r>", refused_row())
    logging.getLogger("asyncio").error("Exception in callback fail('%s') at x.py:1", NAME)
    assert [line["event"] for line in lines()] == ["Task exception was never retrieved", "Exception in callback fail"]


def test_odd_values_never_stop_the_log(lines: Lines) -> None:
    log = structlog.stdlib.get_logger()
    log.info("x", big=2**80, nan=float("nan"), surrogate="\ud800", deep=[[[[[[[[[[[1]]]]]]]]]]])
    logging.getLogger("library").error("%s and %s", "one argument is missing")  # noqa: PLE1206 - meant
    assert len(lines()) == 2


def test_a_line_that_cannot_be_written_is_told_of_without_it(
    capsys: pytest.CaptureFixture[str], written: io.StringIO
) -> None:
    written.close()
    structlog.stdlib.get_logger("x").info(NAME)
    assert capsys.readouterr().err == "a log line of x could not be written: ValueError\n"


def test_the_readable_form_says_the_same_and_keeps_the_same_secrets() -> None:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, hook = root.handlers[:], sys.excepthook
    configure_logging("placement", "console", stream=stream)
    try:
        raise ValueError(NAME)
    except ValueError:
        structlog.stdlib.get_logger().exception("parked", number=NUMBER)
    finally:
        root.handlers[:] = handlers
        sys.excepthook = hook
        structlog.reset_defaults()
    assert "parked" in stream.getvalue()
    assert "ValueError" in stream.getvalue()
    assert NAME not in stream.getvalue()
    assert NUMBER not in stream.getvalue()


def test_an_alarm_is_logged_with_its_facts(lines: Lines) -> None:
    alarm(Alarm.HALTED, streams_parked=21)
    (line,) = lines()
    assert (line["level"], line["event"], line["alarm"], line["streams_parked"]) == ("error", "alarm", "halted", 21)
