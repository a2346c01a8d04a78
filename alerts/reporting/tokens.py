"""The link to the form: signed, one named officer, one request, 24 hours (ux.md 4.6). Its holder is that officer."""

from dataclasses import dataclass
from datetime import datetime

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _

from alerts.demands.deadlines import LINK_LIVES
from alerts.sitreps import queries
from alerts.sitreps.models import ReportRequest
from alerts.sitreps.rules import may_file
from commandcenter.access.models import User
from commandcenter.access.reader import Reader, reader_of
from commandcenter.problems import Refusal

SIGNER = Signer(salt="alerts.sitreps.report")


@dataclass(frozen=True, slots=True)
class Link:
    """What a valid link opens: the officer's form for one request."""

    request: ReportRequest
    officer: Reader


def make(*, request: ReportRequest, officer: int, at: datetime) -> str:
    """The link's token for this officer (a user id)."""
    ends = int((at + LINK_LIVES).timestamp())
    return SIGNER.sign_object({"request": request.pk, "officer": officer, "ends": ends})


def read(token: str, *, exercise: str, at: datetime) -> Link:
    """What the token opens; refuses with 404 (not ours), 410 (too old) or 403 (no longer this mission's officer)."""
    try:
        held = SIGNER.unsign_object(token)
        pk, user_id, ends = int(held["request"]), int(held["officer"]), int(held["ends"])
    except (BadSignature, ValueError, KeyError, TypeError) as error:
        raise Refusal(
            "token", _("This link is not complete. Open it again from the message."), status=404, code="missing"
        ) from error
    if at.timestamp() >= ends:
        raise Refusal("token", _("This link is older than 24 hours."), status=410, code="closed")
    request = queries.request_with(pk)
    if request is None or request.crisis.exercise != exercise:
        raise Refusal("token", _("This link belongs to another place."), status=404, code="missing")
    user = User.objects.filter(pk=user_id).first()
    officer = reader_of(user, exercise) if user else None
    if officer is None or not may_file(officer, request):
        raise Refusal("token", _("You are no longer an officer of this mission."), status=403, code="forbidden")
    return Link(request, officer)
