"""The shared browser modules, alone in a real browser: clock, ages, strip, stepper, toasts, dialogs."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.either

ROOT = Path(__file__).resolve().parents[2]
HOST = "http://dcc.test"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
SHEETS = ("tokens", "base", "components", "forms", "work", "utilities")


class Counts(forms.Form):
    """One number of a report."""

    dead = forms.IntegerField(label="Meninggal", required=False)


def show(page: Page, body: str, *, language: str = "id", head: str = "", **names: Any) -> None:
    """Open a page that holds this body, with the product's own styles and modules."""
    sheets = "".join(f'<link rel="stylesheet" href="/static/css/{name}.css">' for name in SHEETS)
    source = (
        '{% load i18n dcc %}<!doctype html><html lang="id" data-theme="dark" data-now="{% server_now %}" '
        'data-time-separator="{% time_separator %}" data-age-words="{% age_words %}"><head><title>T</title>'
        f"{sheets}{head}"
        '<script type="module" src="/static/js/ui/main.js"></script></head><body>'
        f'{body}<div id="live-polite" role="status"></div></body></html>'
    )
    with translation.override(language):
        html = Template(source).render(Context(names))

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HOST).partition("?")[0]
        if path.startswith("/static/"):
            file = ROOT / path.lstrip("/")
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route("**/*", answer)
    page.goto(f"{HOST}/")
    expect(page.locator("html")).to_have_class(re.compile("js"))


def ago(seconds: float) -> str:
    """An ISO moment so many seconds before now."""
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("wrong", [-600_000, 0, 600_000])
def test_ages_and_countdowns_are_right_on_a_device_with_a_wrong_clock(page: Page, wrong: int) -> None:
    page.add_init_script(f"const real = Date.now.bind(Date); Date.now = () => real() + {wrong};")
    show(
        page,
        f'<time id="age" data-since="{ago(100)}" data-age="clock" data-limit="90"></time>'
        f'<time id="left" data-until="{ago(-100)}"></time><time id="late" data-until="{ago(65)}"></time>'
        f'<time id="short" data-since="{ago(3 * 3600 + 60)}" data-age="short"></time>',
    )
    expect(page.locator("#age")).to_have_text(re.compile(r"^01:4[0-4]$"))
    expect(page.locator("#age")).to_have_class("is-overdue")
    expect(page.locator("#left")).to_have_text(re.compile(r"^01:(3[5-9]|40)$"))
    expect(page.locator("#late")).to_have_text(re.compile(r"^\+01:0[5-9]$"))
    expect(page.locator("#short")).to_have_text(re.compile(r"^3 \S+ 1 m$"))


def test_stale_appears_by_itself_when_the_threshold_passes(page: Page) -> None:
    show(
        page,
        f'<div id="panel" data-stale-scope><span id="mark" class="stale" data-since="{ago(58)}" data-threshold="60" '
        'data-word="BASI {}" hidden></span></div>',
    )
    expect(page.locator("#mark")).to_be_hidden()
    expect(page.locator("#panel")).not_to_have_class("is-stale")
    expect(page.locator("#mark")).to_be_visible(timeout=5000)
    expect(page.locator("#mark")).to_have_text(re.compile(r"^BASI 1 "))
    expect(page.locator("#panel")).to_have_class("is-stale")


STEPPER = '{% include "components/stepper.html" with field=form.dead echo=True %}{% number_words %}'
# The report form's own module has it, not every page's.
STEPS = '<script type="module" src="/static/js/ui/stepper.js"></script>'


def test_a_stepper_keeps_null_apart_from_zero(page: Page) -> None:
    show(page, STEPPER, head=STEPS, form=Counts())
    box = page.locator(".stepper-input")
    less, more, unknown = (page.locator(f'[data-step="{step}"]') for step in ("-1", "1", ""))
    expect(box).to_have_value("")
    expect(unknown).to_have_attribute("aria-pressed", "true")
    less.click()
    expect(box).to_have_value("0")
    expect(unknown).to_have_attribute("aria-pressed", "false")
    more.click()
    more.click()
    expect(box).to_have_value("2")
    unknown.click()
    expect(box).to_have_value("")
    more.click()
    expect(box).to_have_value("1")


def test_a_stepper_goes_on_from_the_old_value(page: Page) -> None:
    show(page, STEPPER.replace("echo=True", "echo=True old=1500"), head=STEPS, form=Counts())
    page.locator('[data-step="-1"]').click()
    expect(page.locator(".stepper-input")).to_have_value("1499")


def test_a_stepper_takes_digits_only_and_echoes_the_number_in_words(page: Page) -> None:
    show(page, STEPPER, head=STEPS, form=Counts())
    page.locator(".stepper-input").press_sequentially("1.5o00")
    expect(page.locator(".stepper-input")).to_have_value("1500")
    expect(page.locator(".words")).to_have_text("seribu lima ratus")


def test_a_long_press_moves_in_tens(page: Page) -> None:
    show(page, STEPPER, head=STEPS, form=Counts(initial={"dead": 3}))
    page.locator('[data-step="1"]').click(delay=600)
    expect(page.locator(".stepper-input")).to_have_value("13")
    page.locator('[data-step="-1"]').click(delay=600)
    expect(page.locator(".stepper-input")).to_have_value("3")


STRIP = (
    '<section class="strip" data-module="strip" data-state="connecting" data-head="7" data-connecting="C" '
    'data-connected="TERHUBUNG" data-reconnecting="ULANG {n}" data-broken="PUTUS {s}" data-offline="LURING {t}" '
    'data-facts="data {t} umur {a} #{n}"><b class="strip-word"></b><span class="strip-facts"></span>'
    "</section><main></main>"
)


def tell(page: Page, **detail: Any) -> None:
    """What live.js tells the page."""
    page.evaluate("detail => document.body.dispatchEvent(new CustomEvent('live:state', { detail }))", detail)


def test_the_strip_says_each_state_and_hatches_data_over_a_minute_old(page: Page) -> None:
    show(page, STRIP)
    strip, word = page.locator(".strip"), page.locator(".strip-word")
    tell(page, state="reconnecting", attempt=0)
    expect(strip).to_have_attribute("data-state", "connecting")
    tell(page, state="connected", at=ago(0), head=12)
    expect(word).to_have_text("TERHUBUNG")
    expect(page.locator(".strip-facts")).to_have_text(re.compile(r"#12$"))
    tell(page, state="reconnecting", attempt=3, at=ago(20), head=12)
    expect(word).to_have_text("ULANG 3")
    expect(page.locator("main")).not_to_have_class("is-broken")
    tell(page, state="broken", every=10, at=ago(61), head=12)
    expect(word).to_have_text("PUTUS 10")
    expect(page.locator("main")).to_have_class("is-broken")
    tell(page, state="offline", at=ago(70), since=ago(70), head=12)
    expect(word).to_have_text(re.compile(r"^LURING \d\d\.\d\d$"))
    tell(page, state="connected", at=ago(0), head=13)
    expect(page.locator("main")).not_to_have_class("is-broken")


def test_a_dialog_opens_and_closes_by_keyboard_alone(page: Page) -> None:
    show(
        page,
        '<button id="open" data-open="d">o</button>'
        '<dialog class="dialog" id="d"><button data-close>x</button></dialog>',
    )
    page.locator("#open").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#d")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#d")).to_be_hidden()
    expect(page.locator("#open")).to_be_focused()


def test_a_menu_closes_on_escape_and_gives_the_focus_back(page: Page) -> None:
    show(page, '<details class="menu"><summary>m</summary><a href="#x">x</a></details>')
    page.locator("summary").press("Enter")
    expect(page.locator("details")).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("summary")).to_be_focused()
    expect(page.locator("details")).not_to_have_attribute("open", "")


def test_the_error_summary_takes_the_focus_and_marks_the_title(page: Page) -> None:
    show(page, '{% include "components/error-summary.html" with form=form %}', form=Counts({"dead": "x"}))
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page).to_have_title(re.compile(r"^\S+: T$"))


def test_a_toast_with_undo_counts_down_and_one_without_goes_by_itself(page: Page) -> None:
    message = {"level_tag": "success", "extra_tags": "undo:/back/"}
    show(page, '{% include "components/toasts.html" %}', messages=[message])
    toast = page.locator(".toast")
    expect(toast.locator("form")).to_have_attribute("action", "/back/")
    expect(toast).to_have_attribute("data-left", re.compile(r"^[789]$"), timeout=4000)
    toast.locator("[data-close-toast]").click()
    expect(toast).to_have_count(0)


FORM = (
    '<div id="part"><details><summary>Lagi</summary><input id="why" value=""><input id="note" value="{note}">'
    '<input type="radio" name="m" id="five" checked><input type="radio" name="m" id="ten">'
    '<button id="go" value="{go}">Kirim</button></details></div>'
)


def test_a_part_drawn_anew_keeps_what_its_reader_opened_and_wrote_and_nothing_else(page: Page) -> None:
    idiomorph = '<script src="/static/vendor/idiomorph-ext.min.js" defer></script>'
    show(page, FORM.format(note="1", go="1"), head=idiomorph)
    page.get_by_text("Lagi").click()
    page.locator("#why").fill("Dua laporan")
    page.locator("#ten").check()
    page.evaluate("html => Idiomorph.morph(document.getElementById('part'), html)", FORM.format(note="2", go="2"))
    expect(page.locator("#why")).to_be_visible()
    expect(page.locator("#why")).to_have_value("Dua laporan")
    expect(page.locator("#ten")).to_be_checked()
    expect(page.locator("#note")).to_have_value("2")
    expect(page.locator("#go")).to_have_attribute("value", "2")
