"""How a query that may be refused is documented; the chassis documents refusals of commands only."""

from typing import Any, Final

from samverkan.backbone.http.problems import MEDIA_TYPE

_PROBLEM: Final[dict[str, Any]] = {
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    403: {"description": "This is not shared with the agency; `code` tells why.", **_PROBLEM},
    404: {"description": "There is none.", **_PROBLEM},
    409: {"description": "A rule says no; `code` tells which.", **_PROBLEM},
    422: {"description": "What was asked is not as described; `code` tells what.", **_PROBLEM},
}
