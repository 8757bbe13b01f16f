"""Enums on the wire: a newer writer may know more members than this reader."""

from enum import StrEnum
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError, ValidationInfo
from pydantic_core import PydanticCustomError, core_schema

READING: Final = {"samverkan": "reading"}  # the validation context of codec.decode; nothing else reads leniently


class WireEnum(StrEnum):
    """Base of every enum in an event. Has a member `UNKNOWN = "unknown"` (tested for each).

    Reading (codec.decode) takes a text that is no member as `UNKNOWN`: old readers survive new members. Everywhere
    else, also in an HTTP body, such a text and "unknown" itself are refused, so that a typing error is not published
    as a fact. `UNKNOWN` can be held and compared in code, but codec.encode refuses to write it.
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        unknown = cls("unknown")

        def member(value: object, exact: core_schema.ValidatorFunctionWrapHandler, info: ValidationInfo) -> "WireEnum":
            reading = info.context is READING
            if isinstance(value, cls):
                return value
            try:
                found: WireEnum = exact(value)
            except ValidationError:
                if reading and isinstance(value, str):
                    return unknown
                raise
            if found is unknown and not reading:
                raise PydanticCustomError("enum_unknown", "'unknown' can be read, not written")
            return found

        return core_schema.with_info_wrap_validator_function(member, handler(source))

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The members that may be written: `unknown` is what a reader makes of others."""
        described = handler(schema)
        members = handler.resolve_ref_schema(described)
        if "enum" in members:
            members["enum"] = [value for value in members["enum"] if value != "unknown"]
        return described
