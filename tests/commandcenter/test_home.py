"""The switch of the theme."""

import pytest
from django.test import Client


@pytest.mark.parametrize("back", ["x", "-1", "a\0b", "😀", "None"])
def test_the_theme_is_set_wherever_it_leads_back_to(back: str) -> None:
    answer = Client().post("/theme/", {"theme": "dark", "next": back})
    assert (answer.status_code, answer.cookies["theme"].value) == (302, "dark")


@pytest.mark.parametrize(
    "back", ["//evil.example", "http://evil.example", "/\\evil", "javascript:alert(1)", "\t//evil"]
)
def test_the_theme_leads_to_no_other_site(back: str) -> None:
    assert Client().post("/theme/", {"theme": "dark", "next": back})["Location"] == "/home/"
