"""The tables of this app, from its rooms."""

from alerts.alarms.models import Alarm, AlarmRule
from alerts.answers.models import LastSeen
from alerts.callbacks.models import CallBack, CallTry
from alerts.casepublic.models import CaseTry
from alerts.cases.models import Case, CaseMessage, CaseNote, CasePerson, CaseTime
from alerts.cells.models import Cell
from alerts.crises.models import Crisis, CrisisMission
from alerts.devices.models import DeviceKey, RepeatedAlarm
from alerts.dialogue.models import Line
from alerts.differences.models import DifferenceVerdict
from alerts.duplicates.models import Merging, ToldApart
from alerts.emergencies.models import Emergency, EmergencyMessage, EmergencyNote
from alerts.exercises.models import Exercise
from alerts.handover.models import Handover, HandoverItem
from alerts.hotline.models import Call, ExchangeEvent
from alerts.intake.models import EmergencyPosition
from alerts.ladders.models import Clock, ClockChange, DueStep, Watch
from alerts.ledger.models import OfficialFigure
from alerts.media.models import MediaFile
from alerts.persons.models import Act, Apart, Move, Person
from alerts.reporting.models import ReportSeen, Submission
from alerts.sitreps.models import ReportedFigure, ReportRequest, SituationReport
from alerts.team.models import Decision, MeetingVisit, Procedure, TeamMember, TeamTask
from alerts.worklist.models import TaskEntry

__all__ = [
    "Act",
    "Alarm",
    "AlarmRule",
    "Apart",
    "Call",
    "CallBack",
    "CallTry",
    "Case",
    "CaseMessage",
    "CaseNote",
    "CasePerson",
    "CaseTime",
    "CaseTry",
    "Cell",
    "Clock",
    "ClockChange",
    "Crisis",
    "CrisisMission",
    "Decision",
    "DeviceKey",
    "DifferenceVerdict",
    "DueStep",
    "Emergency",
    "EmergencyMessage",
    "EmergencyNote",
    "EmergencyPosition",
    "ExchangeEvent",
    "Exercise",
    "Handover",
    "HandoverItem",
    "LastSeen",
    "Line",
    "MediaFile",
    "MeetingVisit",
    "Merging",
    "Move",
    "OfficialFigure",
    "Person",
    "Procedure",
    "RepeatedAlarm",
    "ReportRequest",
    "ReportSeen",
    "ReportedFigure",
    "SituationReport",
    "Submission",
    "TaskEntry",
    "TeamMember",
    "TeamTask",
    "ToldApart",
    "Watch",
]
