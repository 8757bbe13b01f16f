"""The texts of problem codes in Swedish and English: the chassis' own and those of one service.

A file `texts/sv.toml` or `texts/en.toml` holds one table per code: `title`, `detail` with `{name}` placeholders that
are filled from the problem's details, and `status` unless it is 409. Both languages say the same status.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from samverkan.backbone.errors import Permanent
from samverkan.backbone.service import Service

Language = Literal["sv", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT: Final[Language] = "sv"
STATUS_OF_A_REFUSAL: Final = 409

_OWN: Final = Path(__file__).parent / "texts"
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")


class TextsInvalid(Permanent):
    """The texts contradict each other or lack a part: the service must not start. The message says which and where."""

    def __init__(self, message: str) -> None:
        super().__init__("texts-invalid", message)


@dataclass(frozen=True)
class Text:
    """What one code says in one language."""

    status: int
    title: str
    detail: str

    def filled(self, details: Mapping[str, str]) -> str:
        """`detail` with its placeholders filled; one without a value becomes an ellipsis."""
        return _PLACEHOLDER.sub(lambda match: details.get(match[1], "…"), self.detail)


class Texts:
    """All texts of a running service."""

    def __init__(self, service: Service) -> None:
        """Read them. TextsInvalid: a code of the chassis is defined again, or an entry is incomplete."""
        self._texts = {language: _merged(service, language) for language in LANGUAGES}
        for code in self._texts["sv"].keys() & self._texts["en"].keys():
            if self._texts["sv"][code].status != self._texts["en"][code].status:
                raise TextsInvalid(f"{service.name}: {code} has another status in Swedish than in English")

    def find(self, code: str, language: Language) -> Text | None:
        """The text in that language, else in the other one, else None."""
        for candidate in (language, *LANGUAGES):
            if code in self._texts[candidate]:
                return self._texts[candidate][code]
        return None

    def refusal_statuses(self) -> set[int]:
        """Every status that the service's own refusals have."""
        own = {code for texts in self._texts.values() for code in texts} - _read(_OWN / "sv.toml").keys()
        return {text.status for texts in self._texts.values() for code, text in texts.items() if code in own}

    def codes(self, language: Language) -> frozenset[str]:
        """Every code that has a text in that language."""
        return frozenset(self._texts[language])


def missing_texts(service: Service, codes: Iterable[str]) -> list[str]:
    """What a test of the service asserts to be empty: `en: starts-before-decision` for each text that is not there.

    Asked for are `codes`, all refusals that the service can raise, and whatever has a text in the other language.
    """
    texts = Texts(service)
    wanted = set(codes).union(*(texts.codes(language) for language in LANGUAGES))
    return [f"{language}: {code}" for language in LANGUAGES for code in sorted(wanted - texts.codes(language))]


def preferred_language(accept_language: str | None) -> Language:
    """The language that an Accept-Language header (RFC 9110 §12.5.4) ranks highest; Swedish when it names neither."""
    best: Language = DEFAULT
    best_quality = 0.0
    for item in (accept_language or "").split(","):
        name, _, parameters = item.strip().partition(";")
        primary = name.strip().partition("-")[0].lower()
        quality = _quality(parameters)
        for language in LANGUAGES:
            if primary == language and quality > best_quality:
                best, best_quality = language, quality
    return best


def _quality(parameters: str) -> float:
    match = re.fullmatch(r"\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*", parameters)
    if match is None:
        return 0.0 if parameters.strip() else 1.0
    return float(match[1])


def _merged(service: Service, language: Language) -> dict[str, Text]:
    texts = _read(_OWN / f"{language}.toml")
    if service.texts is not None:
        own = _read(service.texts / f"{language}.toml")
        if doubled := sorted(texts.keys() & own.keys()):
            raise TextsInvalid(f"{service.name}: {', '.join(doubled)} in {language}.toml is a code of the chassis")
        texts |= own
    return texts


def _read(path: Path) -> dict[str, Text]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return {
            code: Text(int(table.get("status", STATUS_OF_A_REFUSAL)), str(table["title"]), str(table["detail"]))
            for code, table in tables.items()
        }
    except tomllib.TOMLDecodeError as error:  # a code that stands there twice is one of these
        raise TextsInvalid(f"{path.name} of {path.parent.parent.name}: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise TextsInvalid(f"{path.name} of {path.parent.parent.name}: a code lacks its title or detail") from error
