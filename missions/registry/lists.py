"""Reads a list of people out of a CSV file: good rows, and every bad cell with row, column, value and reason. Pure."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from commandcenter.problems import Refusal, Words, clean_text, filled
from missions.registry.models import DOCUMENT_LENGTH, NAME_LENGTH, PHONE_LENGTH, PLACE_LENGTH
from missions.registry.sealing import document_of, phone_of
from missions.registry.shapes import Entry, Listed, Listing, RowError

Wrong = Callable[[str, Words], None]
MOST_ROWS, MOST_BYTES = 5_000, 2_000_000
# What heads are called in files, in both languages.
HEADS = {
    "nama": "name",
    "name": "name",
    "dokumen": "document",
    "paspor": "document",
    "document": "document",
    "passport": "document",
    "telepon": "phone",
    "phone": "phone",
    "negara": "country",
    "country": "country",
    "tempat": "place",
    "kota": "place",
    "place": "place",
    "city": "place",
    "perwakilan": "mission",
    "mission": "mission",
    "keadaan": "state",
    "state": "state",
}
LENGTHS = {"name": NAME_LENGTH, "document": DOCUMENT_LENGTH, "phone": 40, "place": PLACE_LENGTH}


@dataclass(frozen=True, slots=True)
class Known:
    """What a list may name: countries with their dialling codes, missions, and the words of the states.

    `country` and `mission` stand where a row names none; a list may name no mission but `only`, when that is set.
    """

    dial_codes: Mapping[str, str]
    missions: Mapping[str, str]
    states: Mapping[str, str]
    country: str = ""
    mission: str = ""
    only: str = ""


def decoded(content: bytes) -> str:
    """The file as text. Raises Refusal when it is too large or no text in UTF-8."""
    if len(content) > MOST_BYTES:
        raise Refusal("file", _("This file is too large (at most 2 MB)."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal("file", _("This file is no CSV in UTF-8.")) from error
    if "\0" in text:
        raise Refusal("file", _("This file is no CSV in UTF-8."))
    return text


def read(text: str, known: Known) -> Listing:
    """Every row of the file. Raises Refusal when it has no head with names, no row, or too many."""
    table = _table(text)
    columns = [HEADS.get(cell.strip().casefold(), "") for cell in table[0]]
    named = [name for name in columns if name]
    if "name" not in named or len(set(named)) != len(named):
        raise Refusal("file", _("The first row must name the columns once each: name, document, phone, place, …"))
    if len(table) - 1 > MOST_ROWS:
        raise Refusal("file", filled(_("This list has more than %(n)d rows."), n=MOST_ROWS))
    people: list[Listed] = []
    errors: list[RowError] = []
    documents: dict[str, int] = {}
    for line, cells in enumerate(table[1:], 2):
        if any(cell.strip() for cell in cells):
            _read_row(line, dict(zip(columns, cells, strict=False)), known, documents, people, errors)
    if not people and not errors:
        raise Refusal("file", _("This list has no rows."))
    return Listing(tuple(people), tuple(errors))


def _table(text: str) -> list[list[str]]:
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error as error:
        raise Refusal("file", _("This file is no CSV in UTF-8.")) from error
    if not table:
        raise Refusal("file", _("This list has no rows."))
    return table


def _read_row(
    line: int,
    cells: dict[str, str],
    known: Known,
    documents: dict[str, int],
    people: list[Listed],
    errors: list[RowError],
) -> None:
    """One row: into `people` when all of it is good, else each bad cell into `errors`."""
    found: list[RowError] = []

    def wrong(column: str, reason: Words) -> None:
        found.append(RowError(line, column, cells.get(column, "").strip()[:60], reason))

    clean = {column: _cell(column, cells.get(column, ""), wrong) for column in LENGTHS}
    if not clean["name"] and not found:
        wrong("name", _("Every row needs a name."))
    country, mission = _where(cells, known, wrong)
    document = document_of(clean["document"])
    if document and documents.setdefault(document, line) != line:
        wrong("document", filled(_("The same document as in row %(n)d."), n=documents[document]))
    phone = phone_of(clean["phone"], known.dial_codes.get(country, ""))
    if clean["phone"] and not 6 <= len(phone) < PHONE_LENGTH:
        wrong("phone", _("This is no telephone number."))
    state = _state(cells.get("state", ""), known, wrong)
    if found:
        errors.extend(found)
        return
    entry = Entry(clean["name"], clean["document"], f"+{phone}" if phone else "", country, clean["place"], mission)
    people.append(Listed(line, entry, state))


def _cell(column: str, value: str, wrong: Wrong) -> str:
    try:
        return clean_text(" ".join(value.split(" ")), field=column, max_length=LENGTHS[column]).replace("\n", " ")
    except Refusal as refusal:
        wrong(column, refusal.error.message)
        return ""


def _where(cells: Mapping[str, str], known: Known, wrong: Wrong) -> tuple[str, str]:
    country = cells.get("country", "").strip().upper() or known.country
    mission = cells.get("mission", "").strip().casefold() or known.mission
    if country not in known.dial_codes:
        wrong("country", _("There is no such country: use its code of two letters."))
    if mission not in known.missions:
        wrong("mission", _("There is no such mission in this crisis: use its code."))
    elif known.only and mission != known.only:
        wrong("mission", _("You may only list persons of your own mission."))
    return country, mission


def _state(value: str, known: Known, wrong: Wrong) -> str:
    word = value.strip().casefold()
    if word and word not in known.states:
        wrong("state", _("There is no such state."))
    return known.states.get(word, "")
