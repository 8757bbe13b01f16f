"""Each change that would break a reader or a writer of another release is found, and the allowed ones are allowed."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from samverkan.schemas import generate
from samverkan.schemas.compatibility import compare, load, main

NAME = "se.samverkan.ClaimCalculated.v1"
TODAY: dict[str, Any] = {NAME: load(generate.ROOT / generate.JSON)[NAME]}
Edit = Callable[[dict[str, Any]], object]


def changes(edit_old: Edit | None = None, edit_today: Edit | None = None) -> list[str]:
    """`edit_old` plants what the release before had, `edit_today` what this one would have."""
    old, today = copy.deepcopy(TODAY), copy.deepcopy(TODAY)
    for edit, schemas in ((edit_old, old), (edit_today, today)):
        if edit is not None:
            edit(schemas[NAME])
    return [str(change) for change in compare(old, today)]


def fields(schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schema["properties"]
    return found


def line(schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schema["$defs"]["ClaimLine"]
    return found


NEW = {"type": "string", "x-open": True}


def new_required(schema: dict[str, Any]) -> None:
    schema["required"].append("new")
    fields(schema)["new"] = NEW


def new_in_a_line(schema: dict[str, Any]) -> None:
    line(schema)["required"].append("new")
    line(schema)["properties"]["new"] = NEW


def removed_and_used_again(schema: dict[str, Any]) -> None:
    schema["x-removed"] = ["ClaimLine.code"]
    line(schema)["properties"]["code"] = NEW


def test_the_same_contract_is_no_change() -> None:
    assert changes() == []


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (None, lambda s: fields(s).pop("credit_by"), "credit_by: required field removed"),
        (None, lambda s: fields(s).pop("economy"), 'economy: field removed but not listed; add "economy" to `removed`'),
        (None, lambda s: fields(s)["credit_by"].pop("format"), "credit_by: type changed from string date to string"),
        (None, new_required, "new: new required field"),
        (None, lambda s: s["required"].remove("credit_by"), "credit_by: required field became optional"),
        (None, lambda s: s["required"].append("economy"), "economy: optional field became required"),
        (
            lambda s: fields(s)["rule_version"].update({"x-known-values": ["a", "b"]}),
            lambda s: fields(s)["rule_version"].update({"x-known-values": ["a"]}),
            "rule_version: member b removed",
        ),
        (
            None,
            lambda s: fields(s)["credit_by"].update({"x-open": False, "x-compartment": "economy"}),
            "credit_by: moved from open to economy",
        ),
        (
            None,
            lambda s: s["$defs"]["ClaimAmounts"].update({"x-compartment": "health"}),
            "economy.cost: moved from economy to health",
        ),
        (None, lambda s: line(s)["properties"].pop("name"), "economy.lines[].name: required field removed"),
        (
            None,
            lambda s: line(s)["properties"]["amount"].update(type="integer"),
            "economy.lines[].amount: type changed from string decimal to integer decimal",
        ),
        (None, new_in_a_line, "economy.lines[].new: new required field"),
        (lambda s: s.update({"x-removed": ["gone"]}), None, "gone: no longer listed as removed"),
        (
            lambda s: s.update({"x-removed": ["ClaimLine.code"]}),
            removed_and_used_again,
            "economy.lines[].code: a removed name is used again",
        ),
    ],
)
def test_a_change_that_breaks_is_named_with_what_to_do(before: Edit | None, after: Edit | None, says: str) -> None:
    found = changes(before, after)
    assert any(change.startswith(f"BREAKS: {NAME}") and says in change for change in found), found


def test_an_event_without_a_model_breaks() -> None:
    assert "no model reads it" in str(compare(TODAY, {})[0])
    assert compare(TODAY, {})[0].breaks


READERS = "readers first: intake, placement, notify, agency.kommun, agency.af"


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (None, lambda s: fields(s).update(new=NEW), "new: new optional field; writer first: funding"),
        (None, lambda s: line(s)["properties"].update(new=NEW), "economy.lines[].new: new optional field"),
        (
            lambda s: line(s)["properties"].update(old=NEW),
            lambda s: s.update({"x-removed": ["ClaimLine.old"]}),
            "economy.lines[].old: optional field removed; " + READERS,
        ),
        (
            lambda s: fields(s)["rule_version"].update({"x-known-values": ["a"]}),
            lambda s: fields(s)["rule_version"].update({"x-known-values": ["a", "b"]}),
            "rule_version: new member b; " + READERS,
        ),
    ],
)
def test_an_allowed_change_says_who_upgrades_first(before: Edit | None, after: Edit | None, says: str) -> None:
    (found,) = changes(before, after)
    assert found.startswith("allowed: ")
    assert says in found


def test_a_new_event_is_for_readers_first() -> None:
    (change,) = compare({}, TODAY)
    assert not change.breaks
    assert READERS in str(change)


def test_the_command_compares_a_folder_with_the_models(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(generate.ROOT / generate.JSON)]) == 0
    planted = copy.deepcopy(TODAY[NAME])
    fields(planted)["credit_before"] = NEW
    (tmp_path / "ClaimCalculated.v1.json").write_text(json.dumps(planted), "utf-8")
    assert main([str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert "BREAKS: se.samverkan.ClaimCalculated.v1 credit_before: field removed but not listed" in said.err
    assert "allowed: se.samverkan.PlacementStarted.v1: new event" in said.out


def test_an_empty_folder_is_no_release(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 2
