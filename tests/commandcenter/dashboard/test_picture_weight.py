"""U7: what the picture makes a browser load."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from commandcenter.access.models import Role
from tests.conftest import People

JS_KB = 100
CSS_KB = 18 + 4  # our own sheets and Leaflet's
IMPORT = re.compile(r"""^\s*(?:import\b(?!\()[^'"]*|export\b[^'"]*\bfrom\s*)['"](\.[^'"]+)['"]""", re.MULTILINE)


@pytest.fixture
def picture(people: People, reference: None) -> str:
    """The page an operator gets."""
    client: Client = people.client(Role.OPERATOR)
    return client.get("/").content.decode()


def on_disk(address: str) -> Path:
    """The file behind a static address."""
    found = finders.find(address.removeprefix("/static/"))
    assert isinstance(found, str), address
    return Path(found)


def with_imports(files: list[Path]) -> set[Path]:
    """The files and every module they import at once, not what is loaded when it is needed."""
    seen: set[Path] = set()
    todo = [file.resolve() for file in files]
    while todo:
        file = todo.pop()
        if file in seen:
            continue
        seen.add(file)
        todo += [(file.parent / name).resolve() for name in IMPORT.findall(file.read_text())]
    return seen


def kilobytes(files: set[Path]) -> float:
    """Their weight as the network carries it."""
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) / 1024


def test_scripts_stay_within_their_budget(picture: str) -> None:
    entries = [on_disk(address) for address in re.findall(r'<script[^>]*\ssrc="([^"]+)"', picture)]
    modules = with_imports(entries)
    assert {"leaflet.js", "htmx.min.js", "map.js", "queue.js", "alarm.js"} <= {file.name for file in modules}
    assert kilobytes(modules) <= JS_KB


def test_sheets_stay_within_their_budget(picture: str) -> None:
    sheets = {on_disk(address) for address in re.findall(r'<link rel="stylesheet" href="([^"]+)"', picture)}
    assert kilobytes(sheets) <= CSS_KB


def test_nothing_blocks_the_first_words(picture: str) -> None:
    head = picture[: picture.index("</head>")]
    for tag in re.findall(r"<script[^>]*src=[^>]*>", head):
        assert "defer" in tag or 'type="module"' in tag


def test_the_map_asks_no_other_server(picture: str) -> None:
    assert not re.findall(r'(?:src|href|data-world|data-places)="(?:https?:)?//', picture)
    assert "&quot;TILES&quot;: []" in picture
