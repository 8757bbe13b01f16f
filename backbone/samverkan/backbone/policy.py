"""Who may give which command: one table per service, asked in one place, before anything is decided."""

from collections.abc import Mapping

from samverkan.backbone.errors import Refused
from samverkan.schemas.catalogue import AGENCIES, Role

Policy = Mapping[type, frozenset[Role]]


def refuse_unless_permitted(policy: Policy, agency: str, command: object) -> None:
    """Refused `not-permitted`: the agency's role may not give this command, or the policy does not name it at all."""
    roles = {known.role for known in AGENCIES if known.code == agency}
    if roles.isdisjoint(policy.get(type(command), frozenset())):
        raise Refused("not-permitted", agency=agency)
