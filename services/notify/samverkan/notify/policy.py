"""Who may give which command over HTTP. An agency may only act on what is its own: api.py says so."""

from typing import Final

from samverkan.backbone.policy import Policy
from samverkan.notify.delivery.endpoint import EnableWebhook
from samverkan.notify.notification import RequeueNotification
from samverkan.schemas.catalogue import Role

POLICY: Final[Policy] = {RequeueNotification: frozenset(Role), EnableWebhook: frozenset(Role)}
