"""No key of a report form in a log, and no traceback for a refusal."""

import logging

import pytest
from django.conf import settings

from commandcenter.access.logs import Brief, WithoutKeys


def test_the_key_of_a_report_form_is_taken_out_of_a_line() -> None:
    record = logging.LogRecord("django.request", 30, "", 0, "%s: %s", ("Not Found", "/report/abc:def/sent/1/"), None)
    assert WithoutKeys().filter(record)
    assert record.getMessage() == "Not Found: /report/.../sent/1/"


def test_every_handler_takes_them_out() -> None:
    assert all("without_keys" in handler["filters"] for handler in settings.LOGGING["handlers"].values())


@pytest.mark.parametrize(("level", "says_where"), [(logging.WARNING, False), (logging.ERROR, True)])
def test_only_an_error_of_ours_says_where_it_happened(level: int, says_where: bool) -> None:
    error = PermissionError("no")
    where = (PermissionError, error, None)
    record = logging.LogRecord("django.request", level, "", 0, "Forbidden: /crises/", (), where)
    assert Brief().filter(record)
    assert (record.exc_info is not None) is says_where
