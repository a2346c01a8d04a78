"""House rules for pages: nothing inline, nothing from outside, no HTML made from text, no bare words."""

import re
from collections.abc import Iterator

from tests.architecture.tree import Finding, Tree, line_of

# A data block is not code; everything else between <script> tags is.
INLINE = {
    r"<script(?![^>]*\ssrc=)(?![^>]*\stype=\"application/json\")[^>]*>": "inline script",
    r"<style\b": "inline style sheet",
    r"<[a-z][^>]*\sstyle=": "inline style",
    r"<[a-z][^>]*\son[a-z]+=": "inline handler",
    r"javascript:": "javascript: address",
    r"\bhx-on\b|\bhx-on:|\bhx-vars=": "htmx would evaluate this as code",
    r"\bhx-(?:vals|headers)=[\"']?\s*js(?:avascript)?:": "htmx would evaluate this as code",
    r"\bhx-trigger=\"[^\"]*\[": "htmx would evaluate this filter as code",
    r"\{%-?\s*leaflet_map\b": "leaflet_map prints an inline script",
    r"\|\s*safe\b|\{%\s*autoescape\s+off": "unescaped text",
}
OUTSIDE_ADDRESS = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
HTML_SINKS = re.compile(
    r"\.(?:innerHTML|outerHTML|srcdoc)\b|\b(?:insertAdjacentHTML|createContextualFragment|setHTMLUnsafe|eval)\s*\("
    r"|\bdocument\.write|\bnew Function\b|\.bindPopup\b|\.bindTooltip\b|setAttribute\(\s*[\"'](?:style|on\w+)[\"']"
)
STATIC_IMPORT = re.compile(
    r"^[ \t]*(?:import\b(?!\s*[(.])|export\s*(?:\{[^}]*\}|\*[\s\w]*?)\s*from\b)[^;\"']*[\"'][^\"']*[\"']\s*",
    re.MULTILINE,
)
WORDS_IN_SCRIPT = re.compile(r"\.(?:textContent|title|placeholder|ariaLabel)\s*=\s*[\"'`][^\"'`$]*[A-Za-z]{2}")

# Class names in a block, as in {% block page_class %}.
CLASSES = re.compile(r"\{%\s*block\s+\w+_class\s*%\}.*?\{%\s*endblock")
TRANSLATED = re.compile(r"\{%-?\s*blocktrans(?:late)?\b.*?\{%-?\s*endblocktrans(?:late)?\s*-?%\}", re.DOTALL)
CODE = re.compile(
    r"\{%\s*comment\b.*?\{%\s*endcomment\s*%\}|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<!--.*?-->|&\w+;|&#\d+;", re.DOTALL
)
SPOKEN_ATTRIBUTE = re.compile(r"\s(?:alt|title|placeholder|aria-label|aria-description)=\"([^\"]*)\"")
TYPED = re.compile(r"<(code|kbd|samp)\b.*?</\1>", re.DOTALL)
TAG = re.compile(r"<[^<>]*>", re.DOTALL)
# The same in both languages: capitals (WNI, KBRI, UTC), units, names of products; and what is typed.
WORD = re.compile(r"(?<![\w-])(?!(?:km|WhatsApp)\b)[A-Za-z]*[a-z][A-Za-z]+")


def _search(tree: Tree, path: str, pattern: str | re.Pattern[str], message: str) -> Iterator[Finding]:
    text = tree.text(path)
    for found in re.finditer(pattern, text):
        yield Finding(path, line_of(text, found.start()), f"{message}: {found[0].strip()[:60]!r}")


def templates_hold_no_code(tree: Tree) -> Iterator[Finding]:
    """The content security policy allows nothing inline; a page that relies on it would break."""
    for path in tree.files(".html"):
        for pattern, message in INLINE.items():
            yield from _search(tree, path, pattern, message)


def pages_load_nothing_from_outside(tree: Tree) -> Iterator[Finding]:
    """Templates, scripts and styles name no other host: the product works without the internet."""
    for path in tree.files(".html", ".js", ".css"):
        yield from _search(tree, path, OUTSIDE_ADDRESS, "an address outside")


def scripts_make_no_html_from_text(tree: Tree) -> Iterator[Finding]:
    """Text goes in by textContent; Leaflet's popups and tooltips are HTML too (reliability.md F1)."""
    for path in tree.files(".js", under=("static",)):
        yield from _search(tree, path, HTML_SINKS, "text could become HTML")


def imports_end_with_a_semicolon(tree: Tree) -> Iterator[Finding]:
    """Django's static file storage rewrites only imports that end with one."""
    for path in tree.files(".js", under=("static",)):
        text = tree.text(path)
        for found in STATIC_IMPORT.finditer(text):
            if text[found.end() : found.end() + 1] != ";":
                yield Finding(path, line_of(text, found.start()), "an import ends with a semicolon")


def scripts_hold_no_words(tree: Tree) -> Iterator[Finding]:
    """Words come from the page (data-* and <template>), where they are translated."""
    for path in tree.files(".js", under=("static",)):
        yield from _search(tree, path, WORDS_IN_SCRIPT, "words belong to the page")


def templates_hold_no_bare_words(tree: Tree) -> Iterator[Finding]:
    """Every word on a page goes through translate or blocktranslate."""
    for path in tree.files(".html"):
        text = _blank(CODE, _blank(CLASSES, _blank(TRANSLATED, tree.text(path))))
        for found in SPOKEN_ATTRIBUTE.finditer(text):
            if WORD.search(found[1]):
                yield Finding(path, line_of(text, found.start(1)), f"not translated: {found[1].strip()[:60]!r}")
        for found in WORD.finditer(_blank(TAG, _blank(TYPED, text))):
            yield Finding(path, line_of(text, found.start()), f"not translated: {found[0]!r}")


def _blank(pattern: re.Pattern[str], text: str) -> str:
    """The matches replaced by blanks, so that line numbers stay."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
