"""What an event's payload is made of: open fields, and compartments that hold what tells of a person.

A payload never mixes the two. A field marked `Open` is pseudonymous and readable by every subscriber. What tells
something of a person stands in a nested model, one per compartment, in the field named after that compartment, so
that it can be sealed as a whole: a compartment is open or unreadable, never half.
"""

from datetime import date
from typing import Annotated, Any, ClassVar, Final, TypeVar

from pydantic import BaseModel, ConfigDict, FailFast

from samverkan.schemas.wire_enum import WireEnum

T = TypeVar("T")


class Compartment(WireEnum):
    """A class of personal fields that is shared, sealed and erased together."""

    IDENTITY = "identity"
    CONTACT = "contact"
    EMPLOYMENT = "employment"
    HEALTH = "health"
    ECONOMY = "economy"
    UNKNOWN = "unknown"


COMPARTMENTS: Final = frozenset(Compartment) - {Compartment.UNKNOWN}  # those that exist; `unknown` is nobody's field


class _Unsealed:
    """Marks a field that tells nothing of a person: ids, dates of law, programmes, agencies, amounts of nobody."""

    def __repr__(self) -> str:
        return "OPEN"


OPEN: Final = _Unsealed()
Open = Annotated[T, OPEN]


class _TakesEffect:
    """Marks the field that says when an event took effect in the world."""

    def __repr__(self) -> str:
        return "EFFECTIVE"


EFFECTIVE: Final = _TakesEffect()
Effective = Annotated[T, OPEN, EFFECTIVE]
"""An open day: the one on which the event took effect. An event has one at most."""


class _AtTheFirst(FailFast):
    """Can be hashed, as what stands in a union must be."""

    def __hash__(self) -> int:
        return hash(type(self))


AT_THE_FIRST: Final = _AtTheFirst()
Many = Annotated[tuple[T, ...], AT_THE_FIRST]
"""A list in a payload. It is given up at its first bad item: a megabyte of bad ones took a reader 2.5 s (2026-11)."""


class Sealed(BaseModel):
    """Base of every compartment's content. Frozen. Writing forbids unknown fields, reading ignores them (codec.py).

    Wire models carry no limits on length, range or pattern: those live in the domain, because a limit once released
    could never change again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    compartment: ClassVar[Compartment]


class Event(BaseModel):
    """Base of every event. A fact in the past tense; its class name and major version make the wire type.

    `legal_basis` is the ground on which the fact is passed on (domain.md section 5). `removed` are the names of
    fields, `field` or `Model.field`, that older versions of this major had: such a name is never used again,
    for old events still carry it with its old meaning. `about_case`: it belongs to a participant's case; if not, its
    correlation is its own stream and no view of cases has a row of it. `effective_field` follows from the fields.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    major: ClassVar[int] = 1
    legal_basis: ClassVar[str]
    about_case: ClassVar[bool] = True
    removed: ClassVar[frozenset[str]] = frozenset()
    effective_field: ClassVar[str | None] = None

    @classmethod
    def wire_type(cls) -> str:
        """The CloudEvents type, `se.samverkan.<Name>.v<major>`; the name carries no version suffix of its own."""
        return f"se.samverkan.{cls.__name__}.v{cls.major}"

    @classmethod
    def dataschema(cls) -> str:
        """The CloudEvents dataschema, and `$id` of the committed JSON Schema: `urn:samverkan:schema:<Name>:v<major>`.

        A URN, because it names the contract wherever it is kept; an address would have to be served for ever.
        """
        return f"urn:samverkan:schema:{cls.__name__}:v{cls.major}"

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        """TypeError: two fields say when it took effect."""
        super().__pydantic_init_subclass__(**options)
        days = [name for name, field in cls.model_fields.items() if EFFECTIVE in field.metadata]
        if len(days) > 1:
            raise TypeError(f"{cls.__name__} takes effect on one day, not on {' and '.join(days)}")
        cls.effective_field = days[0] if days else None

    def effective_on(self) -> date | None:
        """The day on which it took effect in the world; None when that is the moment it was recorded.

        Overridden where no single field says it.
        """
        day: date | None = getattr(self, self.effective_field) if self.effective_field is not None else None
        return day
