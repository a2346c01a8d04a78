"""What the web process changes in the server beneath it."""

import importlib

import pytest
from twisted.web import http


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (b"application/json", b"application/json"),
        (b'Multipart/Form-Data; boundary="a"', b"multipart/form-data"),
        (b"nonsense", b"text/plain"),
    ],
)
def test_the_type_of_a_posted_body_is_read_once_and_as_twisted_reads_it(given, read) -> None:
    importlib.import_module("commandcenter.asgi")
    parse = http._parseContentType
    assert (parse(given), parse(given)) == (read, read)
    assert parse.cache_info().hits
