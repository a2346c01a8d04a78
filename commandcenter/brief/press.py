"""The press, a program of its own: layouts of one page come in as JSON, the fullest that fits goes out as PDF/UA.

Run by its path in an isolated Python (`python -I press.py`): it knows no database, no secret and no network, and can be
ended at any moment. It reads files below static/ alone. Exit codes say in which way it failed (see printing.py).
"""

import json
import re
import resource
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

STATIC = Path(__file__).resolve().parents[2] / "static"
MISSING, TOO_LONG = 3, 4
MEMORY_BYTES = 1_500_000_000
# An A4 page of the smallest letters holds some 17,000, what is hidden in the text included.
MOST_LETTERS = 20_000
TAG = re.compile(r"<[^>]*>")


def main() -> int:
    """Read layouts from standard input, the fullest first; write one page to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    layouts = json.load(sys.stdin)
    try:
        library = import_module("weasyprint")
    except OSError as error:  # a system library of it is not there
        sys.stderr.write(f"{error}\n")
        return MISSING
    document = fitting(library, layouts)
    if document is None:
        return TOO_LONG
    sys.stdout.buffer.write(document.write_pdf(pdf_variant="pdf/ua-1"))
    return 0


def fitting(library: Any, layouts: list[str]) -> Any:
    """The first layout that is one page, looked for by halves: a shorter one fits wherever a longer one does.

    What has far more letters than any page is not even tried: laying out many pages takes seconds.
    """
    low = next((place for place, text in enumerate(layouts) if letters(text) <= MOST_LETTERS), max(0, len(layouts) - 1))
    high, found = len(layouts), None
    while low < high:
        middle = (low + high) // 2
        document = _laid_out(library, layouts[middle])
        if len(document.pages) == 1:
            high, found = middle, document
        else:
            low = middle + 1
    return found


def letters(text: str) -> int:
    """How long a text is without its tags."""
    return len(TAG.sub("", text))


def _laid_out(library: Any, text: str) -> Any:
    fetcher = _local_files(library)
    return library.HTML(string=text, base_url=f"{STATIC.as_uri()}/", url_fetcher=fetcher).render()


def _local_files(library: Any) -> Any:
    """A fetcher that opens files below static/ and fails at anything else."""

    class LocalFiles(library.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith(f"{STATIC.as_uri()}/") or ".." in url:
                raise library.urls.FatalURLFetchingError(f"not a file of ours: {url}")
            return super().fetch(url, headers)

    return LocalFiles(allowed_protocols={"file"}, allow_redirects=False, fail_on_errors=True)


if __name__ == "__main__":
    sys.exit(main())
