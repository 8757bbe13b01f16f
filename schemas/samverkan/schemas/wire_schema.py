"""The JSON Schema (2020-12) of an event's payload, as an outside reader should hold it.

It is as lenient as our own reader, for a validating reader must survive a newer writer: unknown fields are allowed,
and an enum is a string with `x-known-values`. An optional field is absent, never null. Kronor are strings. Every
field says what it is: `x-open: true`, or `x-compartment` with the compartment whose key seals it.
"""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema
from typing_extensions import override

from samverkan.schemas.event import OPEN, Event, Sealed
from samverkan.schemas.models import nested_models, parts

Schema = dict[str, Any]


class _Lenient(GenerateJsonSchema):
    @override
    def decimal_schema(self, schema: core_schema.DecimalSchema) -> Schema:
        return {"type": "string", "format": "decimal"}

    @override
    def nullable_schema(self, schema: core_schema.NullableSchema) -> Schema:
        return self.generate_inner(schema["schema"])

    @override
    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Schema:
        described = super().default_schema(schema)
        return {name: value for name, value in described.items() if name != "default" or value is not None}

    @override
    def enum_schema(self, schema: core_schema.EnumSchema) -> Schema:
        values = [member.value for member in schema["members"]]
        if "unknown" not in values:
            return super().enum_schema(schema)  # closed: contract_rules.py refuses it
        return {"type": "string", "x-known-values": [value for value in values if value != "unknown"]}

    @override
    def model_schema(self, schema: core_schema.ModelSchema) -> Schema:
        described = super().model_schema(schema)
        return {name: value for name, value in described.items() if name not in {"additionalProperties", "title"}}

    @override
    def field_title_should_be_set(self, schema: Any) -> bool:
        return False  # repeats the field's name


def wire_schema(event: type[Event]) -> Schema:
    """The schema that is committed as `json/<Name>.v<major>.json`."""
    described = event.model_json_schema(schema_generator=_Lenient, mode="serialization")
    properties = described.get("properties", {})
    for name, field in event.model_fields.items():
        if OPEN in field.metadata:
            properties[name]["x-open"] = True
        for part in parts(field.annotation):
            if isinstance(part, type) and issubclass(part, Sealed):
                properties[name]["x-compartment"] = part.compartment.value
    for model in nested_models(event):
        if issubclass(model, Sealed):
            described["$defs"][model.__name__]["x-compartment"] = model.compartment.value
    if event.removed:
        described["x-removed"] = sorted(event.removed)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": event.dataschema(),
        "title": event.wire_type(),
        "description": described.pop("description", ""),
        "type": described.pop("type"),
        "x-legal-basis": getattr(event, "legal_basis", ""),
        **{name: described[name] for name in sorted(described, key=_PLACES.index)},
    }


_PLACES = ["properties", "required", "x-removed", "$defs"]
