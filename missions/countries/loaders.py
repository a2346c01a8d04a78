"""Reference data of rooms above: their apps add their loaders at start-up, for missions may not import them."""

from collections.abc import Callable
from datetime import datetime

from missions.countries.tables import Changes

MORE: list[Callable[[datetime], Changes]] = []
