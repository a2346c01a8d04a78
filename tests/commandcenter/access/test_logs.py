"""No key of a report form in a log."""

import logging

from django.conf import settings

from commandcenter.access.logs import WithoutKeys


def test_the_key_of_a_report_form_is_taken_out_of_a_line() -> None:
    record = logging.LogRecord("django.request", 30, "", 0, "%s: %s", ("Not Found", "/report/abc:def/sent/1/"), None)
    assert WithoutKeys().filter(record)
    assert record.getMessage() == "Not Found: /report/.../sent/1/"


def test_every_handler_takes_them_out() -> None:
    assert all("without_keys" in handler["filters"] for handler in settings.LOGGING["handlers"].values())
