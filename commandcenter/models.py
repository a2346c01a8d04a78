"""The tables of this app, from its rooms."""

from commandcenter.access.models import Membership, User
from commandcenter.audit.models import ReadEntry
from commandcenter.events.models import Event
from commandcenter.live.models import AudienceHead, Frame, LogState

__all__ = ["AudienceHead", "Event", "Frame", "LogState", "Membership", "ReadEntry", "User"]
