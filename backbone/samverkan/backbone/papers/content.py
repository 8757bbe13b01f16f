"""What stands in a paper: fields by compartment, as texts. Pure.

A field is a text, or a list of entries whose fields are texts. On the wire an entry's field is one text more:
`goals.2.what` is the field `what` of the second goal.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from samverkan.schemas.event import COMPARTMENTS, Compartment
from samverkan.schemas.paper import (
    PaperContact,
    PaperEconomy,
    PaperEmployment,
    PaperHealth,
    PaperIdentity,
    PaperMade,
)

Entry = Mapping[str, str]
Fields = Mapping[str, str | Sequence[Entry]]
Content = Mapping[Compartment, Fields]

EDITION, SALT = "edition", "salt"
"""Fields that each paper has in its core compartment: which text it was made from, and what nobody can guess."""

_SEALED: Final = {
    kind.compartment: kind for kind in (PaperIdentity, PaperContact, PaperEmployment, PaperHealth, PaperEconomy)
}


def sealed(content: Content) -> dict[str, Any]:
    """The compartments of a `*PaperMade` with this content; one that holds nothing is left out."""
    return {
        compartment.value: _SEALED[compartment](fields=flat(fields))
        for compartment, fields in content.items()
        if fields
    }


def told(event: PaperMade) -> dict[Compartment, dict[str, str]]:
    """The flat fields of each compartment that is readable here."""
    parts = {compartment: getattr(event, compartment.value) for compartment in COMPARTMENTS}
    return {compartment: dict(part.fields) for compartment, part in sorted(parts.items()) if part is not None}


def flat(fields: Fields) -> dict[str, str]:
    """As they travel, by ascending name: the same content is the same bytes."""
    texts: dict[str, str] = {}
    for name, value in fields.items():
        if isinstance(value, str):
            texts[name] = value
        else:
            texts |= {f"{name}.{n}.{inner}": text for n, entry in enumerate(value, 1) for inner, text in entry.items()}
    return dict(sorted(texts.items()))


def deep(texts: Mapping[str, str], lists: Collection[str]) -> dict[str, Any]:
    """As a template reads them. `lists` are the names of those that there may be; one without entries is empty."""
    fields: dict[str, Any] = {name: {} for name in lists}
    for name, text in texts.items():
        head, _, rest = name.partition(".")
        number, _, inner = rest.partition(".")
        if head in lists and number.isdecimal() and inner:
            fields[head].setdefault(int(number), {})[inner] = text
        else:
            fields[name] = text
    return {
        name: [value[number] for number in sorted(value)] if isinstance(value, dict) else value
        for name, value in fields.items()
    }


def unsalted(told: Mapping[Compartment, Mapping[str, str]]) -> dict[Compartment, dict[str, str]]:
    """The content without what differs each time that a paper is made."""
    return {
        compartment: {name: text for name, text in fields.items() if name != SALT}
        for compartment, fields in told.items()
    }
