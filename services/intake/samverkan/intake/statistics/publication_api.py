"""HTTP of what has been published."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter

from samverkan.backbone.http.call import Page, Query
from samverkan.intake.statistics.publication_view import PublicationRow, Publications

router = APIRouter(tags=["statistics"])


@router.get("/statistics")
async def published(call: Query, page: Page) -> Sequence[PublicationRow]:
    """Every published half-year, small cells hidden."""
    return await call.many(Publications, page)


@router.get("/statistics/{publication_id}")
async def one(publication_id: UUID, call: Query) -> PublicationRow:
    """One publication."""
    return await call.one(Publications, publication_id)
