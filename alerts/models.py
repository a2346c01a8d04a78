"""The tables of this app, from its rooms."""

from alerts.cells.models import Cell
from alerts.crises.models import Crisis, CrisisMission
from alerts.emergencies.models import Emergency, EmergencyMessage, EmergencyNote
from alerts.exercises.models import Exercise
from alerts.intake.models import EmergencyPosition
from alerts.ledger.models import OfficialFigure
from alerts.sitreps.models import ReportedFigure, ReportRequest, SituationReport

__all__ = [
    "Cell",
    "Crisis",
    "CrisisMission",
    "Emergency",
    "EmergencyMessage",
    "EmergencyNote",
    "EmergencyPosition",
    "Exercise",
    "OfficialFigure",
    "ReportRequest",
    "ReportedFigure",
    "SituationReport",
]
