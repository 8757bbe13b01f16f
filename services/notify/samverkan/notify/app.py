"""The composition root: what notify is made of."""

from pathlib import Path
from random import SystemRandom
from typing import Final

from samverkan.backbone.service import Service
from samverkan.notify.api import notify_router
from samverkan.notify.delivery import Delivery
from samverkan.notify.mail import read_templates
from samverkan.notify.notification import NOTIFICATION
from samverkan.notify.reactions import REACTIONS, recipients_needed
from samverkan.notify.recipients import read_recipients
from samverkan.notify.settings import NotifySettings
from samverkan.notify.views import Notifications
from samverkan.schemas.catalogue import NOTIFICATION as TOPIC
from samverkan.schemas.catalogue import topics_for

_HERE: Final = Path(__file__).parent


def build(settings: NotifySettings) -> Service:
    """The service. SettingsInvalid: an agency that must be told has no mailbox."""
    recipients = read_recipients(settings.recipients_file, recipients_needed())
    delivery = Delivery(settings, recipients, read_templates(), SystemRandom())
    return Service(
        name="notify",
        owns=TOPIC,
        subscribes=topics_for("notify"),
        aggregates=(NOTIFICATION,),
        reactions=REACTIONS,
        views=(Notifications(),),
        readable=frozenset(),  # no compartment: what is never read cannot end up in a mail
        routers=(notify_router(),),
        texts=_HERE / "texts",
        migrations=_HERE / "migrations",
        workers=(delivery.run,),
    )


def main() -> None:
    """Run until told to stop."""
    from samverkan.backbone.app import run

    run(build, NotifySettings)
