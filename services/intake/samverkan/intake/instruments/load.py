"""Reads and checks the instruments' files, once, at start-up. What is wrong is said in a sentence."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources.abc import Traversable

from pydantic import TypeAdapter, ValidationError

from samverkan.backbone.errors import Permanent
from samverkan.intake.instrument import Instrument, Scoring
from samverkan.schemas.catalogue import Role


class InstrumentsInvalid(Permanent):
    """A file of an instrument cannot be used: the service must not start. The message says which and why."""

    def __init__(self, message: str) -> None:
        super().__init__("instruments-invalid", message)


def load_instruments(folder: Traversable) -> tuple[Instrument, ...]:
    """Every `<code>-<version>.toml` of the folder, by code and version. InstrumentsInvalid: one cannot be used."""
    found = [_read(file) for file in folder.iterdir() if file.name.endswith(".toml")]
    found.sort(key=lambda one: (one.code, one.version))
    if not found:
        raise InstrumentsInvalid("there is no instrument")
    for check in (_faults, _comparisons):
        if wrong := [sentence for one in found for sentence in check(one, found)]:
            raise InstrumentsInvalid("; ".join(wrong))
    return tuple(found)


def _read(file: Traversable) -> Instrument:
    try:
        read = TypeAdapter(Instrument).validate_python(tomllib.loads(file.read_text(encoding="utf-8")), extra="forbid")
    except tomllib.TOMLDecodeError as error:
        raise InstrumentsInvalid(f"{file.name} is not TOML: {error}") from None
    except ValidationError as error:
        places = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_input=False)]
        raise InstrumentsInvalid(f"{file.name}: {'; '.join(places)}") from None
    if file.name != f"{read.code}-{read.version}.toml":
        raise InstrumentsInvalid(f"{file.name} holds {read.code}, version {read.version}: name it after that")
    return read


def _faults(one: Instrument, _found: Sequence[Instrument]) -> Iterator[str]:
    name = f"{one.code}-{one.version}.toml"
    if one.version < 1:
        yield f"{name}: versions begin at 1"
    if one.repeat_months < 1:
        yield f"{name}: repeat_months is at least 1"
    if one.valid_until is not None and one.valid_until < one.valid_from:
        yield f"{name}: valid_until lies before valid_from"
    steps = [step.score for step in one.steps]
    if len(steps) < 2 or steps != list(range(steps[0], steps[0] + len(steps))):
        yield f"{name}: the steps are at least two, ascending, without a gap"
    if not one.domains:
        yield f"{name}: there is no domain"
    for kind, codes in (
        ("domain", [domain.code for domain in one.domains]),
        ("question", [question.code for domain in one.domains for question in domain.questions]),
    ):
        yield from (f"{name}: the {kind} {code} stands there twice" for code in _doubled(codes))
    for domain in one.domains:
        if not domain.questions:
            yield f"{name}: {domain.code} asks nothing"
        if domain.scoring is Scoring.ONLY and len(domain.questions) > 1:
            yield f"{name}: {domain.code} counts its only answer and asks {len(domain.questions)} questions"
        if not domain.answered_by:
            yield f"{name}: nobody answers {domain.code}"
        if Role.COORDINATION_ASSOCIATION in domain.answered_by:
            yield f"{name}: {domain.code} is answered by one who may not know of individuals (SFS 2003:1210 §7)"
    if any(not text.strip() for text in _texts(one)):
        yield f"{name}: a text is blank"


def _comparisons(one: Instrument, found: Sequence[Instrument]) -> Iterator[str]:
    name = f"{one.code}-{one.version}.toml"
    for comparable in one.comparable:
        earlier = next((each for each in found if (each.code, each.version) == (one.code, comparable.version)), None)
        if earlier is None or comparable.version >= one.version:
            yield f"{name}: there is no earlier version {comparable.version} to compare with"
            continue
        if (earlier.lowest, earlier.highest) != (one.lowest, one.highest):
            yield f"{name}: version {comparable.version} has another scale, so no score means the same"
        in_both = {domain.code for domain in one.domains} & {domain.code for domain in earlier.domains}
        for code in sorted(set(comparable.domains) - in_both):
            yield f"{name}: {code} is not a domain of both this version and version {comparable.version}"


def _texts(one: Instrument) -> Iterable[str]:
    yield from (one.code, one.name_sv, one.name_en, one.source)
    for step in one.steps:
        yield from (step.sv, step.en)
    for domain in one.domains:
        yield from (domain.name_sv, domain.name_en)
        for question in domain.questions:
            yield from (question.code, question.sv, question.en)


def _doubled(codes: Sequence[str]) -> list[str]:
    return sorted(code for code, times in Counter(codes).items() if times > 1)
