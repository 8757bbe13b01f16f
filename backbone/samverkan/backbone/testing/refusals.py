"""Finds the refusal codes of a service in its source, so that texts and README can be held against them."""

import ast
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

_ROW = re.compile(r"^\| `([a-z-]+)` \|", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def raised(folder: Path) -> dict[str, frozenset[str]]:
    """Code → the details that every `Refused("code", detail=…)` of that code in the folder carries.

    A code that is not written as a literal where it is raised is not found: add it by hand.
    """
    found: dict[str, frozenset[str]] = {}
    for file in sorted(folder.rglob("*.py")):
        if file.name.startswith("test_"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
                code = node.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    details = frozenset(keyword.arg for keyword in node.keywords if keyword.arg is not None)
                    found[code.value] = found.get(code.value, details) & details
    return found


def check(folder: Path, more: Mapping[str, Iterable[str]] | None = None, elsewhere: Iterable[str] = ()) -> None:
    """Assert that texts in both languages and the README's table name exactly the codes that can be raised.

    `more`: codes raised in another way, with their details. `elsewhere`: codes of the chassis raised here too. A text
    may use only details that every refusal of its code carries; another would be shown as an ellipsis.
    """
    codes = raised(folder) | {code: frozenset(details) for code, details in (more or {}).items()}
    for code in elsewhere:
        del codes[code]
    assert codes
    statuses = []
    for language in ("sv", "en"):
        texts = tomllib.loads((folder / "texts" / f"{language}.toml").read_text(encoding="utf-8"))
        assert set(texts) == set(codes), f"{language}.toml: {set(texts) ^ set(codes)}"
        for code, text in texts.items():
            assert text["title"], f"{language}.toml: {code}"
            unknown = set(_PLACEHOLDER.findall(text["detail"])) - codes[code]
            assert not unknown, f"{language}.toml: {code} has no detail {unknown}"
        statuses.append({code: text.get("status") for code, text in texts.items()})
    assert statuses[0] == statuses[1]
    table = set(_ROW.findall((folder / "README.md").read_text(encoding="utf-8")))
    assert table == set(codes), f"README.md: {table ^ set(codes)}"
