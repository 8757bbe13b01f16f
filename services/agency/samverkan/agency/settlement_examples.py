"""A compensation after its first credit: shared by the tests of this service."""

from typing import Final
from uuid import UUID

from samverkan.agency.examples import CASE
from samverkan.backbone.testing.record import stream
from samverkan.schemas.catalogue import FUNDING
from samverkan.schemas.sample_chapters.compensation import decision_life, recoveries

LIFE: Final = UUID("77777777-7777-4777-8777-777777777777")
_OTHER, _SET_OFF, _PLACEMENT = UUID(int=71), UUID(int=72), UUID(int=73)

life: Final = stream(FUNDING, LIFE, *decision_life(CASE, _PLACEMENT), *recoveries(CASE, _OTHER, _SET_OFF), case_id=CASE)
STREAMS: Final = (life,)
