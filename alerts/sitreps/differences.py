"""What does not fit in one crisis, for whoever shows it: the detectors' findings."""

from alerts.figures.detectors import Difference

__all__ = ["Difference"]
