from datetime import date
from decimal import Decimal

import jsonschema
import pytest
from pydantic import ValidationError

from samverkan.backbone.http.body import Body, Code, Day, Extent, Kronor


class Form(Body):
    day: Day = date(2026, 3, 2)
    pay: Kronor = Decimal(0)
    extent: Extent = Decimal(1)
    purpose: Code = "a"


GOOD = [
    ("day", "2026-03-02", date(2026, 3, 2)),
    ("pay", "24000.00", Decimal("24000.00")),
    ("pay", "99999999.99", Decimal("99999999.99")),
    ("pay", 24000, Decimal(24000)),
    ("extent", "0.75", Decimal("0.75")),
    ("extent", "1.00", Decimal(1)),
    ("extent", 1, Decimal(1)),
    ("purpose", "shared-case", "shared-case"),
]
BAD_ALSO_BY_SCHEMA = [
    ("day", 1772409600),
    ("day", True),
    ("day", "2026-03-02T00:00:00"),
    ("day", "2026-02-30"),
    ("day", "20260302"),
    ("pay", 24000.5),
    ("pay", True),
    ("pay", -1),
    ("pay", 100_000_000),
    ("pay", "-1"),
    ("pay", "1e3"),
    ("pay", "24000.005"),
    ("pay", "024000"),
    ("pay", "NaN"),
    ("pay", " 1"),
    ("pay", "٣"),
    ("extent", "1.01"),
    ("extent", 2),
    ("extent", "75%"),
    ("purpose", "198808112380"),
    ("purpose", "Shared case"),
]
# The first only because Python's `$` passes a last line break, which JSON Schema's dialect does not.
BAD = [*BAD_ALSO_BY_SCHEMA, ("pay", "1\n"), ("day", "1899-12-31"), ("day", "2200-01-01")]


@pytest.mark.parametrize(("field", "text", "read"), GOOD)
def test_an_exact_value_is_read(field: str, text: object, read: object) -> None:
    assert getattr(Form.model_validate({field: text}), field) == read


@pytest.mark.parametrize(("field", "value"), BAD)
def test_anything_else_is_refused_and_not_repeated(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        Form.model_validate({field: value})
    if isinstance(value, str) and len(value) > 4:
        assert value not in str(refused.value)


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError):
        Form.model_validate({"pey": "1"})


@pytest.mark.parametrize(("field", "value"), [(field, text) for field, text, _ in GOOD])
def test_the_schema_takes_what_is_taken(field: str, value: object) -> None:
    _check(field, value)


@pytest.mark.parametrize(("field", "value"), BAD_ALSO_BY_SCHEMA)
def test_the_schema_refuses_what_is_refused(field: str, value: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        _check(field, value)


def _check(field: str, value: object) -> None:
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(Form.model_json_schema(), format_checker=checker).validate({field: value})
