"""What each attribute of the envelope is for: the table in README.md and the headers in asyncapi.yaml come from it."""

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class Attribute:
    """One CloudEvents attribute; its Kafka header is `ce_<name>`. `form` is a JSON Schema of its text."""

    name: str
    required: bool
    form: dict[str, Any]
    means: str


_UUID: Final[dict[str, Any]] = {"type": "string", "format": "uuid"}
_INSTANT: Final[dict[str, Any]] = {"type": "string", "format": "date-time"}
_COUNT: Final[dict[str, Any]] = {"type": "string", "pattern": "^[0-9]{1,18}$"}
_TEXT: Final[dict[str, Any]] = {"type": "string"}

ATTRIBUTES: Final = (
    Attribute("specversion", True, {"type": "string", "const": "1.0"}, "the version of CloudEvents"),
    Attribute("id", True, _UUID, "this event; the same again is a repeat of the same fact"),
    Attribute("source", True, {"type": "string", "format": "uri-reference"}, "who published it: the topic's owner"),
    Attribute("type", True, _TEXT, "`se.samverkan.<Name>.v<major>`; tells nothing of health"),
    Attribute("subject", True, _UUID, "the stream: one case, one placement, one compensation; also the record's key"),
    Attribute("time", True, _INSTANT, "when it took effect in the world"),
    Attribute("dataschema", False, {"type": "string", "format": "uri"}, "`$id` of the payload's JSON Schema"),
    Attribute("recordedtime", True, _INSTANT, "when the publisher learnt it"),
    Attribute("streamversion", True, _COUNT, "the stream's version: 1, 2, 3, … without a hole"),
    Attribute(
        "logindex", False, _COUNT, "place in the publisher's log, from 0 without a hole; each sent record has it"
    ),
    Attribute(
        "correlationid",
        True,
        _UUID,
        "the case that it belongs to, on every topic; what is about no case names its own stream",
    ),
    Attribute("causationid", False, _UUID, "the event that led to it"),
    Attribute("commandid", False, _UUID, "the command that caused it"),
    Attribute("requires", False, _TEXT, "`topic/stream@version` that must be applied first, space between, at most 8"),
    Attribute("actor", False, _TEXT, "who acted: a pseudonym, never a name or a personnummer"),
    Attribute("agency", False, _TEXT, "on behalf of which agency (its code)"),
    Attribute("legalbasis", False, _TEXT, "the legal ground on which the fact is passed on"),
    Attribute("traceparent", False, _TEXT, "W3C trace context"),
)
