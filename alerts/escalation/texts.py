"""What the messages of a ladder say: Indonesian, short, without names of victims (pure but for the link's origin)."""

from datetime import datetime

from django.conf import settings
from django.utils import translation

from alerts.callbacks.models import CallBack
from alerts.crises.models import Crisis
from alerts.ladders.models import DueStep
from alerts.reporting import tokens
from alerts.sitreps.models import ReportRequest
from commandcenter import wording
from missions.directory.models import Mission

OFFICER = {"notify": "laporan diminta", "sms": "belum dibuka, laporan diminta"}
FLOOD = "DCC: banjir alarm, lebih dari 10 P1/P2 per meja dalam 10 menit. Mohon tambah petugas."
FORM_STEPS = frozenset({"officer", "second", "head"})


def path_in(path: str, exercise: str) -> str:
    """A page's path in its world."""
    return f"/exercises/{exercise}{path}" if exercise else path


def whole(path: str) -> str:
    """The whole address of a page, for an SMS."""
    return f"{settings.ORIGINS[0]}{path}"


def said(text: str, exercise: str) -> str:
    """The text, marked when it belongs to an exercise (ux.md 3.4)."""
    return f"[LATIHAN] {text}" if exercise else text


def both_times(moment: datetime, mission: Mission, now: datetime) -> str:
    """ "03.05 WIB (01.50 Kathmandu)", whatever the language of the process."""
    with translation.override("id"):
        local = wording.hours(moment.astimezone(mission.zone))
        return f"{wording.in_wib(moment, now=now).text} ({local} {mission.operating_city})"


def form_link(request: ReportRequest, officer: int, at: datetime) -> str:
    """The officer's own signed link to the form."""
    token = tokens.make(request=request, officer=officer, at=at)
    return path_in(f"/report/{token}/", request.crisis.exercise)


def for_request(request: ReportRequest, to: str, step: str, at: datetime) -> str:
    """What a person of this kind is told about a mission that owes a report; the link follows it."""
    mission, crisis = request.mission, request.crisis.name
    due = both_times(request.due_at, mission, at)
    since = both_times(request.requested_at, mission, at)
    if to == "officer":
        begin = OFFICER.get(step, "laporan masih ditunggu")
        return f"DCC: {begin}, {crisis}. Jawab 5 pertanyaan sebelum {due}."
    if to == "second":
        return f"DCC: {mission.name} belum menjawab permintaan laporan {crisis} sejak {since}. Mohon Anda menjawab."
    if to == "head":
        return f"DCC: {mission.name} belum melaporkan angka {crisis} sejak {since}. Mohon Kepala Perwakilan memastikan."
    if to == "neighbour":
        return (
            f"DCC: {mission.name} tidak menjawab sejak {since} ({crisis}). "
            "Mohon hubungi perwakilan itu dan otoritas setempat, lalu kabari DCC."
        )
    return f"DCC: {mission.name} diam sejak {since} ({crisis})."


def for_emergency(due: DueStep, mission: str) -> str:
    """What is told of an untaken P1, or of a message that waits on one."""
    what = "belum diambil" if due.ladder == "emergency" else "ada pesan yang belum dijawab"
    return f"DCC: P1 {due.about} {what}. {mission}".strip()


def for_callback(entry: CallBack) -> str:
    """What the supervisor is told of a call that nobody has called back; no number stands in it."""
    return f"DCC: panggilan {entry.number} belum ditelepon balik ({entry.times} kali masuk)."


def for_figures(crisis: Crisis, since: datetime, at: datetime) -> str:
    """What the supervisor is told of figures that nobody verified."""
    with translation.override("id"):
        moment = wording.in_wib(since, now=at).text
    return f"DCC: angka {crisis.name} yang masuk {moment} belum diverifikasi."
