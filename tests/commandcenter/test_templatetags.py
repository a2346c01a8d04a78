"""A figure never goes without its source and as-of time; null is never 0 (domain.md rule 1, ux.md U5)."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from commandcenter.figures import Figure

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 5, 12, 20, 5, 12, tzinfo=UTC)


def draw(source: str, language: str = "en", **names: Any) -> str:
    """What the page shows."""
    with translation.override(language):
        return Template("{% load dcc %}" + source).render(Context({"at": AT, **names}))


def known(value: int | None, **changes: Any) -> Figure:
    """A verified figure of the embassy."""
    fields: dict[str, Any] = {"source": "KBRI", "status": "verified", "as_of": AT, "reporter": "Budi", "version": 7}
    return Figure(value, **{**fields, **changes})


def test_a_figure_says_value_status_source_and_time() -> None:
    page = draw("{% figure f %}", f=known(2))
    assert 'value="2"' in page
    assert 'data-source="KBRI"' in page
    assert 'data-as-of="2026-05-12T20:05:12Z"' in page
    assert '<span class="vh">2, verified, KBRI, as of 03:05 WIB, v7 Budi</span>' in page


@pytest.mark.parametrize("style", ["line", "cell", "big"])
def test_null_is_a_dash_and_words_and_never_zero(style: str) -> None:
    page = draw("{% figure f style=style %}", f=known(None), style=style)
    assert 'value=""' in page
    assert ">—<" in page
    assert "not yet reported" in page
    assert ">0<" not in page


@pytest.mark.parametrize("style", ["line", "cell", "big"])
def test_zero_is_said_as_a_word(style: str) -> None:
    page = draw("{% figure f style=style %}", f=known(0), style=style)
    assert 'value="0"' in page
    assert ">0<" in page
    assert "zero" in page


@pytest.mark.parametrize("missing", [{"source": ""}, {"as_of": None}])
def test_a_value_without_source_or_time_is_not_printed(missing: dict[str, Any]) -> None:
    page = draw("{% figure f %}", f=known(41, **missing))
    assert "41" not in page
    assert "source not recorded" in page


def test_a_figure_reads_objects_mappings_and_arguments_alike() -> None:
    fields: dict[str, Any] = {"value": 5, "source": "RS Bir", "status": "reported", "as_of": AT}
    by_mapping = draw("{% figure f %}", f=fields)
    by_arguments = draw('{% figure value=5 source="RS Bir" status="reported" as_of=at %}')
    assert by_mapping == by_arguments
    assert "unverified" in draw("{% figure f %}", f={**fields, "status": "certain"})
    assert "not yet reported" in draw("{% figure f %}", f=None)


def test_a_range_shows_both_ends() -> None:
    assert ">2–3<" in draw("{% figure f %}", f=known(2, high=3))


def test_attributes_are_never_localised_but_the_page_is() -> None:
    page = draw("{% figure f %}", "id", f=known(1_234_567))
    assert 'value="1234567"' in page
    assert ">1.234.567<" in page


def test_a_source_cannot_become_markup() -> None:
    page = draw("{% figure f %}", f=known(1, source='<script>"x'))
    assert "<script>" not in page


def test_a_headcount_has_range_coverage_and_age() -> None:
    count = {"low": 145, "high": 260, "coverage": 56, "oldest": date(2024, 10, 12)}
    page = draw("{% headcount h %}", h=count)
    for part in ("145–260", "56 % reached", "oldest record 18 mo"):
        assert part in page
    bare = draw("{% headcount h %}", h={"low": 145, "high": 145, "coverage": None, "oldest": None})
    assert "coverage unknown" in bare
    assert "age of the records unknown" in bare
    assert "not yet reported" in draw("{% headcount h %}", h={"low": None, "high": None})


def test_ages_tick_from_an_absolute_time() -> None:
    page = draw('{% age t "clock" limit=120 %}', t=AT - timedelta(seconds=121))
    assert 'data-since="2026-05-12T20:03:11Z"' in page
    assert "is-overdue" in page
    assert ">02:01<" in page
    assert "03:03:11 WIB" in page
    assert "is-overdue" not in draw('{% age t "clock" limit=120 %}', t=AT - timedelta(seconds=119))


def test_a_countdown_counts_up_once_it_is_late() -> None:
    assert ">00:30<" in draw("{% countdown t %}", t=AT + timedelta(seconds=30))
    assert ">+00:30<" in draw("{% countdown t %}", t=AT - timedelta(seconds=30))


def test_stale_appears_at_its_threshold() -> None:
    assert " hidden" in draw("{% stale t minutes=15 %}", t=AT - timedelta(minutes=14, seconds=59))
    late = draw("{% stale t minutes=15 %}", t=AT - timedelta(minutes=15))
    assert " hidden" not in late
    assert "STALE 15 min" in late


def test_missing_times_are_a_dash() -> None:
    assert draw("{% age t %}{% moment t %}{% countdown t %}{% stale t %}", t=None) == "———"


def test_undo_takes_only_addresses_of_this_site() -> None:
    assert draw("{{ t|undo_url }}", t="undo:/emergencies/1/release/") == "/emergencies/1/release/"
    assert draw("{{ t|undo_url }}", t="undo:https://elsewhere") == ""
    assert draw("{{ t|undo_url }}", t="") == ""


def test_the_theme_is_the_cookies_or_the_pages_own() -> None:
    request = RequestFactory().get("/")
    assert draw('{% theme "light" %}', request=request) == "light"
    request.COOKIES["theme"] = "dark"
    assert draw('{% theme "light" %}', request=request) == "dark"
    request.COOKIES["theme"] = '"><script>'
    assert draw('{% theme "light" %}', request=request) == "light"


def test_priorities_and_status_have_words() -> None:
    assert "Critical" in draw("{% priority 1 %}")
    assert "reported" in draw('{% status "reported" %}')
    assert "unverified" in draw('{% status "nonsense" %}')


def test_every_icon_that_a_page_names_is_in_the_sprite() -> None:
    sprite = (ROOT / "static/icons/sprite.svg").read_text(encoding="utf-8")
    symbols = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    named = {
        name
        for page in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"""\{% icon ["']([a-z0-9-]+)["']""", page.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= symbols
    assert len(symbols) <= 40


def test_the_number_table_of_the_browser_is_the_servers() -> None:
    assert '"seribu","ribu"' in draw("{% number_words %}", "id")
