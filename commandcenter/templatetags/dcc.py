"""Template tags of every page: `{% load dcc %}` (ux.md section 5)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from commandcenter import figures, wording
from commandcenter.clock import now as clock_now

register = template.Library()

THEMES = ("dark", "light")
THEME_COOKIE = "theme"


def _now(context: Context) -> datetime:
    """The view's `at` when it passed one, so that a page is of one moment."""
    at = context.get("at")
    return at if isinstance(at, datetime) else clock_now()


def _runs(context: Context) -> bool:
    """Ages run on in the browser; on a page of the past they stand still."""
    return not context.get("past")


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@register.simple_tag(takes_context=True)
def theme(context: Context, preferred: str = "dark") -> str:
    """The theme of the page: the cookie's, or the one this page prefers."""
    request = context.get("request")
    chosen = request.COOKIES.get(THEME_COOKIE, "") if request is not None else ""
    return chosen if chosen in THEMES else preferred


@register.simple_tag(takes_context=True)
def server_now(context: Context) -> str:
    """The server's clock with milliseconds, from which the browser takes its offset."""
    return clock_now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@register.simple_tag
def now_wib() -> str:
    """The time of day in WIB with seconds, for "opened 03.05.12 WIB"."""
    return f"{wording.hours(clock_now().astimezone(wording.WIB), seconds=True)} WIB"


@register.simple_tag
def age_words() -> str:
    """The patterns of ages for static/js/ui/clock.js."""
    return "|".join(wording.age_words())


@register.simple_tag
def time_separator() -> str:
    """ "." or ":"."""
    return wording.time_separator()


@register.simple_tag
def number_words() -> SafeString:
    """The table that static/js/ui/words.js spells numbers with; once per page that has steppers."""
    table = json.dumps(wording.NUMBER_WORDS[wording.language()], separators=(",", ":"))
    return format_html('<script id="number-words" type="application/json">{}</script>', SafeString(table))


@register.filter
def number(value: int | None) -> str:
    """1.234.567 or 1,234,567; a dash for a number nobody knows."""
    return "—" if value is None else wording.number(value)


@register.filter
def words(value: int | None) -> str:
    """The number in words."""
    return "" if value is None else wording.spell(value)


@register.filter
def undo_url(tags: str) -> str:
    """The address that undoes what a message tells, from extra_tags "undo:/…"."""
    return next((tag.removeprefix("undo:") for tag in (tags or "").split() if tag.startswith("undo:/")), "")


@register.filter
def starts(path: str, prefix: str) -> bool:
    """Whether the address lies under the prefix; "/" only under itself."""
    return path == prefix if prefix.count("/") < 2 else path.startswith(prefix)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One glyph of the sprite; silent unless it has a label."""
    href = f"{static('icons/sprite.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', str(label), href)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.simple_tag
def priority(value: int, size: str = "") -> SafeString:
    """Shape, short word and hidden word of a priority."""
    names = {
        1: pgettext("priority", "Critical"),
        2: pgettext("priority", "High"),
        3: pgettext("priority", "Medium"),
        4: pgettext("priority", "Info"),
    }
    return format_html(
        '<span class="prio{}" data-priority="{}"><b>P{}</b> <span class="vh">{}</span></span>',
        f" prio--{size}" if size else "",
        str(value),
        str(value),
        names.get(value, ""),
    )


@register.simple_tag
def status(value: str) -> SafeString:
    """● terverifikasi, ◐ dilaporkan, ○ belum diverifikasi: always the word too."""
    kind = value if value in figures.STATUSES else "unverified"
    return format_html(
        '<span class="status"><span class="dot" data-status="{}" aria-hidden="true"></span>{}</span>',
        kind,
        figures.status_word(kind),
    )


@register.simple_tag
def mark(kind: str, word: str) -> SafeString:
    """What a mission did with a request: silent, overdue, waiting, checking, reported or none."""
    return format_html('<span class="mark" data-mark="{}">{}</span>', kind, str(word))


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime | None, zone: str = "", place: str = "", style: str = "") -> SafeString:
    """A time with its zone; with `zone` the mission's own time first, then WIB and UTC; styles: full, seconds."""
    if at is None:
        return SafeString("—")
    now = _now(context)
    if zone:
        spoken = wording.in_three_zones(at, zone=zone, place=place, now=now)
    else:
        spoken = wording.in_wib(at, now=now, dated=style == "full", seconds=style == "seconds")
    shape = '<time class="moment{}" datetime="{}" title="{}">{}</time>'
    return format_html(shape, " moment--zones" if zone else "", _iso(at), spoken.full, spoken.text)


@register.simple_tag(takes_context=True)
def age(context: Context, since: datetime | None, style: str = "ago", limit: int = 0, css: str = "") -> SafeString:
    """An age that keeps ticking; the absolute time is in its title."""
    if since is None:
        return SafeString("—")
    now = _now(context)
    passed = now - since
    text = {"clock": wording.stopwatch, "short": wording.age_text}.get(style, wording.ago_text)(passed)
    if not _runs(context):
        return _still("age", since, now, text, overdue=bool(limit) and passed >= timedelta(seconds=limit))
    extra = format_html(' data-limit="{}"', str(limit)) if limit else ""
    overdue = " is-overdue" if limit and passed >= timedelta(seconds=limit) else ""
    return format_html(
        '<time class="age{}{}" datetime="{}" data-since="{}" data-age="{}"{} title="{}">{}</time>',
        f" {css}" if css else "",
        overdue,
        _iso(since),
        _iso(since),
        style,
        extra,
        wording.in_wib(since, now=now).full,
        text,
    )


@register.simple_tag(takes_context=True)
def countdown(context: Context, until: datetime | None) -> SafeString:
    """Time left; past zero it counts up with a plus."""
    if until is None:
        return SafeString("—")
    now = _now(context)
    left = until - now
    late = left < timedelta()
    text = ("+" if late else "") + wording.stopwatch(abs(left))
    if not _runs(context):
        return _still("countdown", until, now, text, overdue=late)
    return format_html(
        '<time class="countdown{}" datetime="{}" data-until="{}" title="{}">{}</time>',
        " is-overdue" if late else "",
        _iso(until),
        _iso(until),
        wording.in_wib(until, now=now).full,
        text,
    )


def _still(css: str, moment: datetime, now: datetime, text: str, *, overdue: bool) -> SafeString:
    """A time between two moments of the past."""
    shape = '<time class="{}{}" datetime="{}" title="{}">{}</time>'
    full = wording.in_wib(moment, now=now).full
    return format_html(shape, css, " is-overdue" if overdue else "", _iso(moment), full, text)


@register.simple_tag(takes_context=True)
def stale(context: Context, since: datetime | None, minutes: int = 60) -> SafeString:
    """BASI with its age once the threshold is past; the server decides, the browser checks again."""
    if since is None:
        return SafeString("")
    passed = _now(context) - since
    word = gettext("STALE {}")
    if not _runs(context):
        if passed < timedelta(minutes=minutes):
            return SafeString("")
        return format_html('<span class="stale">{}</span>', word.format(wording.age_text(passed)))
    return format_html(
        '<span class="stale" data-since="{}" data-threshold="{}" data-word="{}"{}>{}</span>',
        _iso(since),
        str(minutes * 60),
        word,
        "" if passed >= timedelta(minutes=minutes) else SafeString(" hidden"),
        word.format(wording.age_text(passed)),
    )


@register.simple_tag(takes_context=True)
def figure(context: Context, thing: Any = None, style: str = "line", **fields: Any) -> SafeString:
    """One figure with its source, as-of and status; styles: line, cell (matrix), big (summary)."""
    shown = figures.Figure(**fields) if fields else figures.figure_of(thing)
    now = _now(context)
    known = shown.value is not None and shown.is_sourced
    origin = shown.origin(now=now)
    spoken = ", ".join(part for part in (shown.printed if known else "", shown.word, *origin) if part)
    seen = "\u00a0· ".join(part for part in ("" if known else shown.word, *origin) if part)
    body = format_html('<span class="figure-n" aria-hidden="true">{}</span>', shown.printed)
    if known and shown.word and style != "cell":
        body += format_html('<span class="figure-word" aria-hidden="true">{}</span>', shown.word)
    if known:
        body += format_html('<span class="dot" data-status="{}" aria-hidden="true"></span>', shown.status)
    if style != "cell":
        body += format_html('<span class="figure-by" aria-hidden="true">{}</span>', seen)
    return format_html(
        '<data class="figure figure--{}{}" {}>{}<span class="vh">{}</span></data>',
        style,
        "" if known else " is-unknown",
        _figure_attributes(shown, known=known, title=spoken),
        body,
        spoken,
    )


def _figure_attributes(shown: figures.Figure, *, known: bool, title: str) -> SafeString:
    pairs = {
        "value": str(shown.value) if known else "",
        "data-source": shown.source,
        "data-as-of": _iso(shown.as_of) if shown.as_of else "",
        "data-status": shown.status if known else "",
        "data-reporter": shown.reporter,
        "data-version": "" if shown.version is None else str(shown.version),
        "title": title,
    }
    return format_html_join(" ", '{}="{}"', pairs.items())


@register.simple_tag(takes_context=True)
def headcount(context: Context, thing: Any) -> SafeString:
    """A headcount as a range with coverage and age."""
    first, *rest = figures.headcount_parts(thing, now=_now(context))
    tail = format_html_join("", "<span>{}</span>", ((part,) for part in rest))
    return format_html('<span class="headcount"><b>{}</b>{}</span>', first, tail)
