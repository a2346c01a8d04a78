"""Reading a page and a sheet as a person does: their numbers and their words."""

import io
import re
from html import unescape
from itertools import pairwise

from pypdf import PdfReader

NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,:]\d+)*(?![\w])")
FIGURE = re.compile(
    r'<data class="figure figure--big.*?<span class="figure-n" aria-hidden="true">([^<]*)</span>', re.DOTALL
)
# What only the sheet has: its last two lines identify it.
FOOT = re.compile(r"\n(?:versi|version) #.*", re.DOTALL)


def pages_of(sheet):
    """The text of each page of a PDF, words with single spaces."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(sheet)).pages]


def text_of(html):
    """What a page says, tooltips too."""
    titles = " ".join(re.findall(r'title="([^"]*)"', html))
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<script.*?</script>", " ", html, flags=re.DOTALL)) + " " + titles)


def figures_of(html):
    """The figures the page prints, in order."""
    return [unescape(printed) for printed in FIGURE.findall(html)]


def numbers_of(text):
    """Every number of a text."""
    return set(NUMBER.findall(text))


def body_of(sheet):
    """The sheet's text without the lines that identify it, on one line."""
    [text] = pages_of(sheet)
    return " ".join(FOOT.sub("", text).split())


def come_in_order(parts, text):
    """Whether the parts are found one after another."""
    places, place = [], 0
    for part in parts:
        place = text.find(part, place)
        if place < 0:
            return False
        places.append(place)
        place += len(part)
    return all(before < after for before, after in pairwise(places))
