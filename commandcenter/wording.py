"""Numbers, ages and moments in words, in both languages (ux.md 3.1). Pure: the caller passes the language's clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TypedDict
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext, pgettext

WIB = ZoneInfo("Asia/Jakarta")
MONTH = timedelta(days=30.44)

# Names that people use; every other zone is called by its city.
ZONE_NAMES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
    "UTC": "UTC",
    "Etc/UTC": "UTC",
    "Asia/Calcutta": "Kolkata",
    "Asia/Ho_Chi_Minh": "Hanoi",
    "Asia/Katmandu": "Kathmandu",
    "Asia/Rangoon": "Yangon",
    "Africa/Asmera": "Asmara",
    "Asia/Aden": "Sana'a",
    "Europe/Kiev": "Kyiv",
    "America/Argentina/Buenos_Aires": "Buenos Aires",
    "America/New_York": "New York",
    "America/Sao_Paulo": "São Paulo",
}


class NumberWords(TypedDict):
    """What it takes to spell a whole number below one thousand million; the browser gets the same table."""

    small: list[str]
    hundreds: list[str]
    thousand: tuple[str, str]
    million: tuple[str, str]


def language() -> str:
    """The language of the page: "id" or "en"."""
    return "en" if (get_language() or "id").startswith("en") else "id"


def number(value: int) -> str:
    """1.234.567 in Indonesian, 1,234,567 in English."""
    return format_decimal(value, locale=language())


def bytes_text(size: int) -> str:
    """3,1 MB; below a tenth of a megabyte in kB."""
    unit, name = (1_000_000, "MB") if size >= 100_000 else (1000, "kB")
    return f"{format_decimal(max(size / unit, 0.1), format='#,##0.#', locale=language())} {name}"


def distance_text(metres: int) -> str:
    """850 m, 3,1 km, 5.012 km."""
    if metres < 1000:
        return f"{metres} m"
    shape = "#,##0.#" if metres < 100_000 else "#,##0"
    return f"{format_decimal(metres / 1000, format=shape, locale=language())} km"


def _indonesian() -> NumberWords:
    units = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
    small = [*units, "sepuluh", "sebelas", *[f"{word} belas" for word in units[2:]]]
    for tens in range(2, 10):
        small += [f"{units[tens]} puluh" + (f" {units[rest]}" if rest else "") for rest in range(10)]
    hundreds = ["seratus", *[f"{word} ratus" for word in units[2:]]]
    return {"small": small, "hundreds": hundreds, "thousand": ("seribu", "ribu"), "million": ("satu juta", "juta")}


def _english() -> NumberWords:
    units = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ]
    small = list(units)
    for tens in ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]:
        small += [tens + (f"-{units[rest]}" if rest else "") for rest in range(10)]
    hundreds = [f"{word} hundred" for word in units[1:10]]
    return {
        "small": small,
        "hundreds": hundreds,
        "thousand": ("one thousand", "thousand"),
        "million": ("one million", "million"),
    }


NUMBER_WORDS = {"id": _indonesian(), "en": _english()}


def spell(value: int) -> str:
    """1500 as "seribu lima ratus" or "one thousand five hundred"; digits from one thousand million up."""
    table = NUMBER_WORDS[language()]
    if not 0 <= value < 10**9:
        return number(value)
    if value < 100:
        return table["small"][value]
    if value < 1000:
        head, rest = table["hundreds"][value // 100 - 1], value % 100
    else:
        size, (one, many) = (10**6, table["million"]) if value >= 10**6 else (1000, table["thousand"])
        high, rest = divmod(value, size)
        head = one if high == 1 else f"{spell(high)} {many}"
    return f"{head} {spell(rest)}" if rest else head


def age_words() -> list[str]:
    """The patterns of ages, in the order that static/js/ui/clock.js expects."""
    return [
        pgettext("age", "{} s"),
        pgettext("age", "{} min"),
        pgettext("age", "{} h {} m"),
        pgettext("age", "{} d"),
        pgettext("age", "{} mo"),
        pgettext("age", "{} ago"),
        pgettext("age", "just now"),
    ]


def age_text(age: timedelta) -> str:
    """ "48 dtk", "4 mnt", "1 j 12 m", "3 hr", "19 bln"; an age below zero counts as zero."""
    seconds = max(0, int(age.total_seconds()))
    second, minute, hour, day, month, *_ = age_words()
    if seconds < 60:
        return second.format(seconds)
    if seconds < 3600:
        return minute.format(seconds // 60)
    if seconds < 86400:
        return hour.format(seconds // 3600, seconds % 3600 // 60)
    if seconds < 60 * 86400:
        return day.format(seconds // 86400)
    return month.format(int(age / MONTH))


def ago_text(age: timedelta) -> str:
    """ "4 mnt lalu"; under five seconds "baru saja"."""
    *_, ago, just_now = age_words()
    return just_now if age < timedelta(seconds=5) else ago.format(age_text(age))


def stopwatch(age: timedelta) -> str:
    """ "00:48", "1:12:09"; from a day up as age_text()."""
    seconds = max(0, int(age.total_seconds()))
    if seconds >= 86400:
        return age_text(age)
    minutes = f"{seconds % 3600 // 60:02}:{seconds % 60:02}"
    return f"{seconds // 3600}:{minutes}" if seconds >= 3600 else minutes


def time_separator() -> str:
    """Indonesian writes 03.05, English 03:05."""
    return ":" if language() == "en" else "."


def hours(moment: datetime, *, seconds: bool = False) -> str:
    """The hours and minutes of a moment in its own zone."""
    parts = [moment.hour, moment.minute, *([moment.second] if seconds else [])]
    return time_separator().join(f"{part:02}" for part in parts)


def day(moment: datetime) -> str:
    """ "12 Mei 2026" in the moment's own zone."""
    return _date(moment.date(), language())


@lru_cache(maxsize=1000)
def _date(date: date, locale: str) -> str:
    return format_date(date, "d MMM y", locale=locale)


def zone_name(zone: str, place: str = "") -> str:
    """What people call a zone: WIB, or the city that is meant."""
    return ZONE_NAMES.get(zone) or place or zone.rpartition("/")[2].replace("_", " ")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One moment, ready to print: the short text, and the full one for the tooltip."""

    text: str
    full: str


def in_wib(moment: datetime, *, now: datetime, dated: bool = False, seconds: bool = False) -> Spoken:
    """ "03.05 WIB", with the date in front when it is not today's (or when asked); with seconds for receipts."""
    local = moment.astimezone(WIB)
    short = f"{hours(local, seconds=seconds)} WIB"
    if dated or local.date() != now.astimezone(WIB).date():
        short = f"{day(local)} {short}"
    return Spoken(short, _full(moment))


def in_three_zones(moment: datetime, *, zone: str, place: str = "", now: datetime) -> Spoken:
    """ "23.05 Sana'a · 03.05 WIB +1 · 20.05 UTC": the mission's own time first, other days marked."""
    local = moment.astimezone(ZoneInfo(zone))
    parts = [f"{hours(local)} {zone_name(zone, place)}"]
    if local.date() != now.astimezone(ZoneInfo(zone)).date():
        parts[0] = f"{day(local)} {parts[0]}"
    for other, name in ((moment.astimezone(WIB), "WIB"), (moment.astimezone(UTC), "UTC")):
        if name == zone_name(zone, place):
            continue
        shift = (other.date() - local.date()).days
        parts.append(f"{hours(other)} {name}" + (f" {shift:+d}" if shift else ""))
    return Spoken(" · ".join(parts), _full(moment))


def _full(moment: datetime) -> str:
    local = moment.astimezone(WIB)
    return f"{day(local)} {hours(local, seconds=True)} WIB · {hours(moment.astimezone(UTC))} UTC"


def as_of_text(moment: datetime, *, now: datetime) -> str:
    """ "per 03.05 WIB"."""
    return gettext("as of %(time)s") % {"time": in_wib(moment, now=now).text}
