"""The golden samples: a whole record of every event version ever released, for tests in any language.

A file holds topic, key, headers by name, the payload as an object, and the record's leaf in the audit tree in hex. The
value's bytes are that object as compact JSON in UTF-8, in the order given.
"""

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from samverkan.schemas.entry import leaf_hash
from samverkan.schemas.headers import Headers


@dataclass(frozen=True)
class Golden:
    """One sample, as a Kafka client would hand it over."""

    topic: str
    key: bytes
    headers: Headers
    value: bytes
    leaf: bytes

    @classmethod
    def of(cls, topic: str, key: bytes, headers: Headers, value: bytes) -> "Golden":
        """A sample with its leaf."""
        return cls(topic, key, headers, value, leaf_hash(topic, key, headers, value))

    @classmethod
    def parse(cls, text: str) -> "Golden":
        """Read a file's text. ValueError, KeyError or TypeError: it is no sample."""
        content: dict[str, Any] = json.loads(text)
        return cls(
            topic=content["topic"],
            key=content["key"].encode(),
            headers=tuple((name, value.encode()) for name, value in content["headers"].items()),
            value=json.dumps(content["value"], ensure_ascii=False, separators=(",", ":")).encode(),
            leaf=bytes.fromhex(content["leaf"]),
        )

    def text(self) -> str:
        """The file's text."""
        content = {
            "topic": self.topic,
            "key": self.key.decode(),
            "headers": {name: value.decode() for name, value in self.headers},
            "value": json.loads(self.value),
            "leaf": self.leaf.hex(),
        }
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def golden_samples() -> tuple[Golden, ...]:
    """All of them, in the order in which their events were recorded: what each requires comes before it."""
    folder = files("samverkan.schemas").joinpath("samples")
    found = [Golden.parse(file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".json")]
    return tuple(sorted(found, key=lambda sample: dict(sample.headers)["ce_recordedtime"]))
