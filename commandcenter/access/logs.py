"""What may not stand in a log: the key of a report form, and a traceback for what was merely refused."""

import logging
import re

KEY = re.compile(r"(/report/)[^/\s]+")


class WithoutKeys(logging.Filter):
    """Takes the keys out of every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true; the record is changed."""
        said = record.getMessage()
        if "/report/" in said:
            record.msg, record.args = KEY.sub(r"\1...", said), ()
        return True


class Brief(logging.Filter):
    """A refusal is one line; only an error of ours says where it happened."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true; the record is changed."""
        if record.levelno < logging.ERROR:
            record.exc_info = record.exc_text = None
        return True
