"""YAML as a story writer means it: `2026-03-02` and `31540.80` stay text, `no` is a word, a doubled key is an error.

YAML 1.1 would make a date, a binary fraction and a falsehood of these, and silently keep the last of two equal keys.
Numbers are whole and have at most nine digits, so that a personnummer without quotes stays text, too.
"""

import re
from typing import Any, Final

import yaml

_TAGS: Final = {
    "null": (r"^(?:null|~|)$", ["n", "~", ""]),
    "bool": (r"^(?:true|false)$", ["t", "f"]),
    "int": (r"^-?(?:0|[1-9][0-9]{0,8})$", [*"-0123456789"]),
}


class StrictLoader(yaml.SafeLoader):
    """Knows null, true and false, and whole numbers; everything else is text."""

    yaml_implicit_resolvers: Any = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse two equal keys."""
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {name!r} stands twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


for _name, (_pattern, _first) in _TAGS.items():
    StrictLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(_pattern), _first)


def load(text: str) -> Any:
    """Read one document. yaml.YAMLError: it is none; `problem_mark` says where."""
    return yaml.load(text, StrictLoader)
