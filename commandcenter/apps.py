"""The shared ground as an app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CommandCenterConfig(AppConfig):
    """Connects the log to the live channel and keeps its triggers in place."""

    name = "commandcenter"
    verbose_name = "DCC"

    def ready(self) -> None:
        """The log and the gate stand below the live room: it hands them what they call."""
        from commandcenter.access import checks, gate
        from commandcenter.events import record, triggers
        from commandcenter.inbox.cards import register_cards as inbound_cards
        from commandcenter.live import context, nudge
        from commandcenter.outbox.cards import register_cards as delivery_cards

        checks.install()
        record.AFTER_COMMIT[:] = [nudge.wake]
        gate.BEFORE_VIEW["live"] = context.read_head
        delivery_cards()
        inbound_cards()
        post_migrate.connect(triggers.guard_the_log, sender=self)
