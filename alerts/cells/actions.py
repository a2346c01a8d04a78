"""What other rooms do here, inside their own acts."""

from alerts.cells.rules import Placed
from alerts.cells.upkeep import keep

__all__ = ["Placed", "keep"]
