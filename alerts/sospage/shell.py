"""What the citizen's page is made of, read from the page itself: its styles, its scripts and what these import."""

import posixpath
import re
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

LINKED = re.compile(r"""(?:src|href)=["']([^"'#?]+\.(?:js|css|svg|png))["'#]""")
IMPORTED = re.compile(r"""(?:\bfrom|\bimport)\s*["'](\.[^"']+)["']""")
# Different on every answer, and no change of the page.
PASSING = re.compile(r'(?:data-now|name="client_id" value)="[^"]*"')


def shell(page: str) -> list[str]:
    """The addresses of every static file of this page, in a fixed order."""
    found: set[str] = set()
    waiting = [address for address in LINKED.findall(page) if address.startswith(settings.STATIC_URL)]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        found.add(address)
        if address.endswith(".js"):
            folder = posixpath.dirname(address)
            names = IMPORTED.findall(_text(address))
            waiting += [posixpath.normpath(posixpath.join(folder, name)) for name in names]
    return sorted(found)


def version(pages: list[str], addresses: list[str]) -> str:
    """Another one when a page or the name of a file changes; names carry the hash of what is in them."""
    told = "\n".join([*(PASSING.sub("", page) for page in pages), *addresses])
    return sha256(told.encode()).hexdigest()[:16]


def _text(address: str) -> str:
    name = address.removeprefix(settings.STATIC_URL)
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return str(file.read().decode())
    source = finders.find(name)
    return Path(source).read_text() if source else ""
