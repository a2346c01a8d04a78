"""The source tree as the house checks see it: its files by kind, each read and parsed once."""

import ast
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

APPS = ("commandcenter", "missions", "alerts")
# What is not ours to check: tools' folders, what lives at run time, other people's files.
OUTSIDE = {".git", ".venv", "node_modules", "var", "__pycache__", "vendor", "test-results"}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault: where it is and what is wrong, in a sentence."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class Tree:
    """A checkout (or a small copy of one, in the tests of the checks)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.paths = sorted(self._walk())

    def _walk(self) -> Iterator[str]:
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if name not in OUTSIDE and not name.endswith("_cache")]
            for name in names:
                yield (Path(folder) / name).relative_to(self.root).as_posix()

    def files(self, *endings: str, under: Iterable[str] = ("",)) -> list[str]:
        """Paths with one of these endings, below one of these folders."""
        starts = tuple(f"{folder}/" if folder else "" for folder in under)
        return [path for path in self.paths if path.endswith(endings) and path.startswith(starts)]

    def text(self, path: str) -> str:
        """The file's text; a binary file is empty text."""
        try:
            return (self.root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            return ""

    def sources(self) -> list[str]:
        """The product's own Python files, without migrations."""
        return [path for path in self.files(".py", under=APPS) if "/migrations/" not in path]

    def furniture(self, *names: str) -> list[str]:
        """Files of that name in any room: furniture("views") finds alerts/crises/views.py."""
        return [path for path in self.sources() if Path(path).stem in names and path.count("/") >= 2]

    def view_modules(self) -> list[str]:
        """The rooms' views and APIs, and every other module with a gated page."""
        gated = (
            path
            for path in self.sources()
            if path.count("/") >= 2 and re.search(r"^@(?:allow\(|public$)", self.text(path), re.MULTILINE)
        )
        return sorted({*self.furniture("views", "api"), *gated})


Check = Callable[[Tree], Iterable[Finding]]


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def syntax(tree: Tree, path: str) -> ast.Module:
    """The syntax tree of a Python file."""
    return _parsed(tree.text(path))


def functions(module: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, also inner ones."""
    return [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def calls(module: ast.AST) -> list[ast.Call]:
    """Every call."""
    return [node for node in ast.walk(module) if isinstance(node, ast.Call)]


def last_name(node: ast.AST) -> str:
    """`c` of a.b.c, `f` of f(...), "" where there is no name."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def line_of(text: str, offset: int) -> int:
    """The line number of a character."""
    return text.count("\n", 0, offset) + 1
