"""House rules for other text: the catalogue is complete, locks agree, no registry is named, nothing is left to do."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tests.architecture.tree import APPS, Finding, Tree

PO = "commandcenter/locale/id/LC_MESSAGES/django.po"
# Put together here, so that this file does not name them either.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("deb", "debian", "org"),
    )
]
EMPTY = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=1; plural=0;\n"
"""
LEFT_OVER = re.compile(r"\b(?:" + "TO" + r"DO|FIX" + r"ME)\b")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def no_registry_is_named(tree: Tree) -> Iterator[Finding]:
    """Locks and scripts work behind any mirror."""
    for path in tree.paths:
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            if any(host in line for host in REGISTRIES):
                yield Finding(path, number, "names a package registry")


def nothing_is_left_to_do(tree: Tree) -> Iterator[Finding]:
    """What is not done is an issue, not a comment."""
    for path in tree.files(".py", ".js", ".html", ".css", ".sh", ".md", ".toml", "bin/run", "bin/test", "bin/lint"):
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            if LEFT_OVER.search(line):
                yield Finding(path, number, "left to do")


def the_locks_agree(tree: Tree) -> Iterator[Finding]:
    """The locks hold what pyproject.toml asks; the test lock holds the runtime lock, so bin/run accepts it."""
    runtime, test = (dict(PIN.findall(tree.text(path))) for path in ("requirements.txt", "tests/requirements.txt"))
    for name, version in runtime.items():
        if test.get(name) != version:
            yield Finding("tests/requirements.txt", 1, f"{name}=={version} is missing: lock both again")
    asked = tomllib.loads(tree.text("pyproject.toml"))
    # The test group includes the others; an include is a table, not a name.
    tools = [need for group in asked["dependency-groups"].values() for need in group if isinstance(need, str)]
    for needs, lock in ((asked["project"]["dependencies"], runtime), (tools, test)):
        for need in needs:
            name = re.split(r"[^A-Za-z0-9._-]", need)[0].lower()
            if name not in lock:
                yield Finding("pyproject.toml", 1, f"{name} is not in the lock: lock again")


def the_readme_is_true(tree: Tree) -> Iterator[Finding]:
    """README's map names every room and no other, its table every variable the settings read."""
    readme = tree.text("README.md")
    rooms = {"/".join(path.split("/")[:2]) for path in tree.files("/__init__.py", under=APPS) if path.count("/") == 2}
    rooms -= {f"{app}/{folder}" for app in APPS for folder in ("management", "migrations", "templatetags")}
    mapped = set(re.findall(r"^\| `([a-z]+/[a-z]+)` \|", readme, re.MULTILINE))
    for room in sorted(rooms ^ mapped):
        yield Finding("README.md", 1, f"the map of rooms and the tree differ: {room}")
    for path in tree.sources():
        for name in re.findall(r"\benv\.\w+\(\s*\"([A-Z_]+)\"", tree.text(path)):
            if f"`{name}`" not in readme:
                yield Finding("README.md", 1, f"{name} is not explained")


def the_catalogue_is_complete(tree: Tree) -> Iterator[Finding]:
    """Every msgid of the sources has its Indonesian words, none is fuzzy, none is stale, placeholders agree."""
    wanted = {_key(message) for message in _extracted(tree)}
    known: dict[tuple[str | None, str], Message] = {}
    for message in _messages(tree.root / PO):
        known[_key(message)] = message
        line = message.lineno or 1
        if message.fuzzy or not all(_strings(message)):
            yield Finding(PO, line, f"no Indonesian words yet: {_id(message)!r}")
        elif set(PLACEHOLDER.findall(_strings(message)[0])) != set(PLACEHOLDER.findall(_strings_of_id(message)[-1])):
            yield Finding(PO, line, f"the placeholders differ: {_id(message)!r}")
        if _key(message) not in wanted:
            yield Finding(PO, line, f"no longer in the sources: {_id(message)!r}")
    for context, text in sorted(wanted - set(known), key=str):
        yield Finding(PO, 1, f"missing{f' ({context})' if context else ''}: {text!r}")


def _extracted(tree: Tree) -> Iterator[Message]:
    """The messages in the sources, taken by makemessages from a copy that holds nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for path in tree.files(".py", ".html", under=(*APPS, "templates")):
            target = copy / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(tree.root / path, target)
        catalogue = copy / "locale/id/LC_MESSAGES/django.po"
        catalogue.parent.mkdir(parents=True)
        catalogue.write_text(EMPTY)
        command = [sys.executable, "-m", "django", "makemessages", "--locale=id", "--no-location", "--verbosity=0"]
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        subprocess.run(command, cwd=copy, env=environment, check=True)
        yield from _messages(catalogue)


def _messages(path: Path) -> list[Message]:
    if not path.exists():
        return []
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def _strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string or "",)


def _strings_of_id(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, list | tuple) else (str(message.id),)


def _id(message: Message) -> str:
    return _strings_of_id(message)[0]


def _key(message: Message) -> tuple[str | None, str]:
    return message.context, _id(message)
