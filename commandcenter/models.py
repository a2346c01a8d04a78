"""The tables of this app, from its rooms."""

from commandcenter.access.models import Membership, User, WallScreen
from commandcenter.audit.models import ReadEntry
from commandcenter.events.models import Event
from commandcenter.inbox.models import InboundMessage
from commandcenter.live.models import AudienceHead, Frame, LogState
from commandcenter.outbox.models import CallTry, Device, GatewayHealth, Outgoing

__all__ = [
    "AudienceHead",
    "CallTry",
    "Device",
    "Event",
    "Frame",
    "GatewayHealth",
    "InboundMessage",
    "LogState",
    "Membership",
    "Outgoing",
    "ReadEntry",
    "User",
    "WallScreen",
]
