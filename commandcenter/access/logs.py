"""What may not stand in a log: keys in addresses (a form's, a calendar's, a gateway's), a traceback for a refusal."""

import logging
import re

KEY = re.compile(r"(/report/|/roster/calendar/|/gateways/(?:sms/(?:inbound|receipt)|exchange)/)[^/\s?]+")
# What a gateway sends in its address (a number, a text) is as secret as the address.
QUERY = re.compile(r"(/gateways/[^\s?]*)\?\S*")


class WithoutKeys(logging.Filter):
    """Takes the keys out of every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true; the record is changed."""
        said = record.getMessage()
        if "/report/" in said or "/roster/calendar/" in said or "/gateways/" in said:
            record.msg, record.args = KEY.sub(r"\1...", QUERY.sub(r"\1", said)), ()
        return True


class Brief(logging.Filter):
    """A refusal is one line; only an error of ours says where it happened."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true; the record is changed."""
        if record.levelno < logging.ERROR:
            record.exc_info = record.exc_text = None
        return True
