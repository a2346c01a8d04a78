"""What happens, as an app: the rooms register their cards and readers of messages here."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AlertsConfig(AppConfig):
    """Tells the live room how each object's card is made, and the gateways who reads what comes in."""

    name = "alerts"

    def ready(self) -> None:
        """One line per object type; and the clocks and the register belong to the reference data."""
        from importlib import import_module

        rooms = (
            "emergencies",
            "cases",
            "crises",
            "team",
            "sitreps",
            "ledger",
            "persons",
            "alarms",
            "callbacks",
            "hotline",
        )
        for room in rooms:
            import_module(f"alerts.{room}.cards").register_cards()
        from alerts.alarms.actions import load_rules
        from alerts.cases.actions import load_times
        from alerts.ladders.actions import load_clocks
        from missions.countries.loaders import MORE

        MORE[:] = [lambda at: load_clocks(at=at), lambda at: load_rules(at=at), lambda at: load_times(at=at)]
        post_migrate.connect(import_module("alerts.handover.triggers").guard_the_handovers, sender=self)
        import_module("alerts.submissions.inbound").register_handler()
        import_module("alerts.dialogue.inbound").register_handlers()
