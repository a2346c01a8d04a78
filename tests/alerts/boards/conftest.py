"""The world of situation reports."""

from tests.alerts.sitreps.conftest import *  # noqa: F403 - the same fixtures
