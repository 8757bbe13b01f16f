"""Where a service's papers are made, listed and fetched. An endpoint that makes one is one call:

@router.post("/placements/{placement_id}/papers/agreement")
async def agreement(placement_id: UUID, call: Command) -> MadePaper:
    return await desk.make(call, agreement_paper(await call.queries.get(Placements, placement_id)))
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Response
from fastapi import Query as QueryParameter

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.backbone.http.call import LIMIT_MAX, Accepted, CommandCall, Page, Query, QueryCall
from samverkan.backbone.papers.content import EDITION, SALT, Content, flat, unsalted
from samverkan.backbone.papers.glyphs import printable_content
from samverkan.backbone.papers.kept import PaperRow, Papers
from samverkan.backbone.papers.paper import Asked, MakePaper, Paper, paper_id
from samverkan.backbone.papers.renderer import Renderer
from samverkan.backbone.papers.template import Facts, Template, Templates
from samverkan.backbone.papers.typeset import engine
from samverkan.schemas.event import COMPARTMENTS, Compartment

PDF: Final = "application/pdf"
_DOCUMENTED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The paper. Its ETag is the SHA-256 of its bytes, unless something is masked in it.",
        "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
        "headers": {"ETag": {"description": "The SHA-256 in hex.", "schema": {"type": "string"}}},
    }
}
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="The SHA-256 of the paper's bytes, in hex.")]


class MadePaper(Accepted):
    """A paper is there. Fetch it at `/papers/<paper_sha256>`; no `events`: it was made before, with the same words."""

    paper_sha256: str
    template: str
    template_version: int


@dataclass(frozen=True)
class PaperSummary:
    """A paper in a list: nothing of what stands in it."""

    paper_sha256: str
    paper_id: UUID | None
    version: int
    case_id: UUID | None
    subject_id: UUID | None
    subject_version: int
    template: str
    template_version: int
    engine: str
    made_on: date | None
    registration: str | None


class Desk:
    """The papers of one service."""

    def __init__(
        self,
        aggregate: Aggregate[Paper],
        view: type[Papers],
        templates: Templates,
        *,
        new_salt: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        """`new_salt`: 128 bits that nobody can guess, for each paper anew."""
        self._aggregate = aggregate
        self._view = view
        self._templates = templates
        self._renderer = Renderer()
        self._new_salt = new_salt

    async def make(self, call: CommandCall, asked: Asked) -> MadePaper:
        """Render it, outside any transaction, and record its hash with what stands in it.

        Refused `paper-incomplete`, `paper-edition-unknown`. Transient `paper-takes-too-long`. A paper whose words are
        those of an earlier one is not made again, whatever day it is.
        """
        template = self._templates.newest(asked.template)
        template.text(asked.edition)
        stream_id = paper_id(asked.subject_id, asked.template, *asked.distinguishing)
        core = template.core
        words = printable_content({**asked.content, core: {**asked.content.get(core, {}), EDITION: asked.edition}})
        same = await self._same(call, stream_id, _would_say(template, asked, words))
        command = await self._command(template, asked, words, same, call.today)
        accepted = await call.execute(self._aggregate, stream_id, command, correlation_id=asked.case_id)
        rows = await call.queries.select(self._view, paper_id=stream_id, limit=LIMIT_MAX)
        if same is None or accepted.events:
            same = max((row for row in rows if row.version <= accepted.version), key=lambda row: row.version)
        return MadePaper(
            **accepted.model_dump(),
            paper_sha256=same.paper_sha256,
            template=same.template,
            template_version=same.template_version,
        )

    async def pdf(self, row: PaperRow, masked: Sequence[Compartment] = ()) -> bytes:
        """The paper, made again, or a copy with compartments masked.

        Refused `paper-withheld`: something of it cannot be read here any more; mask that. `paper-not-reproducible`: not
        the same bytes any more, so not that paper.
        """
        if unreadable := [one for one in row.unreadable if one not in masked]:
            raise Refused("paper-withheld", compartments=", ".join(unreadable))
        template = self._templates.find(row.template, row.template_version)
        assert row.made_on is not None  # every row is of an event
        facts = Facts(row.template, row.template_version, row.made_on, row.registration)
        made = await self._renderer.render(template.source(facts, row.told(), masked))
        if not masked and hashlib.sha256(made).hexdigest() != row.paper_sha256:
            raise Refused("paper-not-reproducible", made_with=row.engine, engine=engine())
        return made

    def routes(self) -> APIRouter:
        """`GET /papers` and `GET /papers/{sha256}`."""
        router = APIRouter(tags=["papers"])

        @router.get("/papers")
        async def papers(
            call: Query, page: Page, case_id: UUID | None = None, subject_id: UUID | None = None
        ) -> list[PaperSummary]:
            """The papers by ascending hash, of one case or one subject if it is given."""
            asked = {"case_id": case_id, "subject_id": subject_id}
            rows = await call.many(self._view, page, **{name: one for name, one in asked.items() if one is not None})
            names = [field.name for field in fields(PaperSummary)]
            return [PaperSummary(**{name: getattr(row, name) for name in names}) for row in rows]

        @router.get("/papers/{paper_sha256}", response_class=Response, responses=_DOCUMENTED)
        async def paper(
            paper_sha256: Sha256,
            call: Query,
            mask: Annotated[
                list[Compartment], QueryParameter(max_length=len(COMPARTMENTS), description="Leave these out.")
            ] = [],  # noqa: B006 - FastAPI copies it
        ) -> Response:
            """The paper as PDF, byte for byte as it was made; or a copy where compartments are masked."""
            return await self._answer(call, paper_sha256, mask)

        return router

    async def _answer(self, call: QueryCall, paper_sha256: str, masked: Sequence[Compartment]) -> Response:
        row = await call.queries.get(self._view, paper_sha256)
        if row is None:
            raise Refused("not-found")
        etag = {} if masked else {"ETag": call.tag(paper_sha256)}
        name = f"{row.template}-{'masked-' if masked else ''}{paper_sha256[:12]}.pdf"
        made = await self.pdf(row, masked)
        return Response(made, 200, {**etag, "Content-Disposition": f'attachment; filename="{name}"'}, PDF)

    async def _same(self, call: CommandCall, stream_id: UUID, said: tuple[object, ...]) -> PaperRow | None:
        rows = await call.queries.select(self._view, paper_id=stream_id, limit=LIMIT_MAX)
        return next((row for row in rows if _says(row) == said), None)

    async def _command(
        self, template: Template, asked: Asked, words: Content, same: PaperRow | None, today: date
    ) -> MakePaper:
        """With the bytes of the paper that says the same, else rendered anew."""
        core, made_on = template.core, today
        salt = self._new_salt() if same is None else same.told()[core][SALT]
        content = {**words, core: {**words[core], SALT: salt}}
        template.refuse_unfit(content)
        if same is not None and same.made_on is not None:
            sha256, made_on = same.paper_sha256, same.made_on
        else:
            facts = Facts(template.name, template.version, made_on, asked.registration)
            told = {one: flat(fields) for one, fields in content.items()}
            sha256 = hashlib.sha256(await self._renderer.render(template.source(facts, told))).hexdigest()
        return MakePaper(
            asked.case_id,
            asked.subject_id,
            asked.subject_version,
            template.name,
            template.version,
            engine(),
            sha256,
            made_on,
            content,
            asked.registration,
        )


def _says(row: PaperRow) -> tuple[object, ...]:
    return row.template, row.template_version, row.engine, row.registration, unsalted(row.told())


def _would_say(template: Template, asked: Asked, words: Content) -> tuple[object, ...]:
    told = unsalted({one: flat(fields) for one, fields in words.items() if fields})
    return template.name, template.version, engine(), asked.registration, told
