"""What happens, as an app: the rooms register their cards here."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """Tells the live room how each object's card is made."""

    name = "alerts"

    def ready(self) -> None:
        """One line per object type."""
        from importlib import import_module

        for room in ("emergencies", "crises", "sitreps", "ledger"):
            import_module(f"alerts.{room}.cards").register_cards()
