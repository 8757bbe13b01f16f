"""The composition root: what notify is made of."""

from pathlib import Path
from random import SystemRandom
from typing import Final

from samverkan.backbone.parking.policy import RetryPolicy
from samverkan.backbone.service import Service
from samverkan.notify.api import notify_router
from samverkan.notify.delivery.attempts import DatabaseAttempts
from samverkan.notify.delivery.endpoint import ENDPOINT
from samverkan.notify.delivery.mail import read_templates
from samverkan.notify.delivery.mail_channel import MailChannel
from samverkan.notify.delivery.webhook import WebhookSender
from samverkan.notify.delivery.webhook_channel import WebhookChannel
from samverkan.notify.delivery.worker import Delivery
from samverkan.notify.notification import NOTIFICATION
from samverkan.notify.patience import Patience
from samverkan.notify.policy import POLICY
from samverkan.notify.reactions import reactions, recipients_needed
from samverkan.notify.recipients import choices_of, read_recipients
from samverkan.notify.reminders.agenda import DatabaseAgenda
from samverkan.notify.reminders.reminder import REMINDER
from samverkan.notify.reminders.rules import read_rules
from samverkan.notify.reminders.scheduler import Scheduler
from samverkan.notify.settings import NotifySettings
from samverkan.notify.stored import views_with
from samverkan.notify.stream.stream import Streams
from samverkan.notify.telling.followed import DatabaseFollowed
from samverkan.notify.telling.municipality import TOLD_TO_THE_MUNICIPALITY
from samverkan.notify.telling.teller import Teller
from samverkan.schemas.catalogue import NOTIFICATION as TOPIC
from samverkan.schemas.catalogue import topics_for

_HERE: Final = Path(__file__).parent


def build(settings: NotifySettings) -> Service:
    """The service. SettingsInvalid: an agency that must be told has no mailbox, or a rule cannot be used."""
    rules = read_rules()
    recipients = read_recipients(
        settings.recipients_file,
        recipients_needed() | rules.recipients,
        plain_http=settings.webhook_private_addresses,
    )
    choices = choices_of(recipients)
    sender = WebhookSender(settings.webhook_timeout_seconds, allow_private=settings.webhook_private_addresses)
    delivery = Delivery(
        channels=(
            MailChannel(settings, recipients, read_templates()),
            WebhookChannel(sender, recipients, settings.webhook_give_up_seconds),
        ),
        attempts=DatabaseAttempts(settings.delivery_claim_seconds),
        policy=RetryPolicy(settings.delivery_backoff_first_seconds, cap_seconds=settings.delivery_backoff_cap_seconds),
        random=SystemRandom(),
        poll_interval_seconds=settings.delivery_poll_interval_seconds,
        claim_seconds=settings.delivery_claim_seconds,
    )
    scheduler = Scheduler(
        rules, choices, DatabaseAgenda(), settings.reminder_poll_interval_seconds, settings.reminder_patience_seconds
    )
    teller = Teller(
        choices,
        DatabaseFollowed(TOLD_TO_THE_MUNICIPALITY),
        settings.telling_poll_interval_seconds,
        Patience(settings.reminder_patience_seconds),
    )
    streams = Streams(
        settings.stream_poll_interval_seconds, settings.stream_heartbeat_seconds, settings.streams_at_most
    )
    return Service(
        name="notify",
        owns=TOPIC,
        subscribes=topics_for("notify"),
        aggregates=(NOTIFICATION, REMINDER, ENDPOINT),
        reactions=reactions(choices),
        views=views_with(rules),
        readable=frozenset(),  # no compartment: what is never read cannot end up in a message
        policy=POLICY,
        routers=(notify_router(rules, recipients, streams),),
        texts=_HERE / "texts",
        migrations=_HERE / "migrations",
        workers=(delivery.run, scheduler.run, teller.run, streams.run),
    )


def main() -> None:
    """Run until told to stop."""
    from samverkan.backbone.app import run

    run(build, NotifySettings)
