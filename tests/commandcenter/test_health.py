"""What browsers report of the content security policy."""

import json
import logging

import pytest
from django.test import Client


@pytest.mark.parametrize("body", ["[" * 8000, "{", "null", "[]", '{"csp-report": 1}', "9" * 5000])
def test_a_report_that_is_none_is_refused(body: str) -> None:
    assert Client().post("/csp/", body, content_type="application/csp-report").status_code == 400


def test_a_report_is_logged_without_the_address_of_the_page(caplog: pytest.LogCaptureFixture) -> None:
    report = {
        "document-uri": "http://localhost/report/the-key/",
        "violated-directive": "script-src",
        "blocked-uri": "x",
    }
    with caplog.at_level(logging.WARNING):
        answer = Client().post("/csp/", json.dumps({"csp-report": report}), content_type="application/csp-report")
    assert answer.status_code == 204
    assert "script-src" in caplog.text
    assert "the-key" not in caplog.text
