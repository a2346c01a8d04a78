"""House rules for Python: who writes, who reads the clock, what is gated, how long things may be."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import Finding, Tree, calls, functions, last_name, syntax

LONGEST_FUNCTION, LONGEST_P95, LONGEST_FILE, LARGEST_ROOM = 60, 40, 400, 900
WRITES = {"save", "delete", "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update"}
READS_OF_A_SET = {"objects", "filter", "exclude", "all", "select_for_update"}
CREATES = {"create", "get_or_create", "update_or_create", "bulk_create"}
BELOW_VIEWS = ("actions", "queries", "rules", "models", "cards", "forms", "schemas")
GATES = {"allow", "public"}


def views_touch_no_tables(tree: Tree) -> Iterator[Finding]:
    """Views and the API ask queries and actions; they never name `.objects`."""
    for path in tree.view_modules():
        for node in ast.walk(syntax(tree, path)):
            if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}:
                yield Finding(path, node.lineno, "a view touches no tables: ask the room's queries or actions")


def only_actions_write(tree: Tree) -> Iterator[Finding]:
    """Saving, creating and deleting happen in actions; the live room keeps its own frames."""
    for path in tree.furniture("views", "api", "tasks", "queries", "cards", "rules", "forms", "schemas", "urls"):
        if path.startswith("commandcenter/live/"):
            continue
        for call in calls(syntax(tree, path)):
            name = last_name(call.func)
            if isinstance(call.func, ast.Attribute) and (name in WRITES or (name == "update" and _of_a_set(call.func))):
                yield Finding(path, call.lineno, f"only actions write: .{name}() does not belong here")


def _of_a_set(node: ast.AST) -> bool:
    return any(last_name(part) in READS_OF_A_SET for part in ast.walk(node) if isinstance(part, ast.Attribute))


def one_writer_of_the_log(tree: Tree) -> Iterator[Finding]:
    """Events are made by events/record.py alone."""
    for path in tree.sources():
        if path.startswith("commandcenter/events/"):
            continue
        for call in calls(syntax(tree, path)):
            whole = ast.unparse(call.func)
            if whole == "Event" or (whole.startswith("Event.objects.") and last_name(call.func) in CREATES):
                yield Finding(path, call.lineno, "only commandcenter.events.record writes the log")


def every_view_is_gated(tree: Tree) -> Iterator[Finding]:
    """Every view function says who may open it: @allow(...) or @public."""
    for path in tree.view_modules():
        if path.endswith("/api.py"):  # django-ninja's operations name their own authentication
            continue
        for node in syntax(tree, path).body:
            if isinstance(node, ast.ClassDef) and any(last_name(base).endswith("View") for base in node.bases):
                yield Finding(path, node.lineno, f"{node.name}: views are functions behind @allow or @public")
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_view(node) and not _is_gated(node):
                yield Finding(path, node.lineno, f"{node.name} is not gated: @allow(...) or @public")


def _is_view(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    first = next(iter([*node.args.posonlyargs, *node.args.args]), None)
    return first is not None and first.arg == "request" and not node.name.startswith("_")


def _is_gated(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(last_name(decorator) in GATES for decorator in node.decorator_list)


def the_clock_is_passed_down(tree: Tree) -> Iterator[Finding]:
    """Only clock.py asks the system for the time, and nothing below a view asks the clock."""
    for path in tree.sources():
        if path == "commandcenter/clock.py":
            continue
        below = Path(path).stem in BELOW_VIEWS
        for node in ast.walk(syntax(tree, path)):
            if not isinstance(node, ast.Attribute) or node.attr not in {"now", "utcnow", "today"}:
                continue
            owner = last_name(node.value)
            if owner in {"datetime", "date", "timezone"}:
                yield Finding(path, node.lineno, "the time comes from commandcenter.clock")
            elif owner == "clock" and below:
                yield Finding(path, node.lineno, "the time is passed in as `at`")


def actions_are_keyword_only(tree: Tree) -> Iterator[Finding]:
    """An action takes keywords alone; in alerts, where everything is dated, also `at`."""
    for path in tree.furniture("actions"):
        for node in syntax(tree, path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if node.args.args or node.args.posonlyargs or node.args.vararg:
                yield Finding(path, node.lineno, f"{node.name}: an action takes keyword arguments only")
            if path.startswith("alerts/") and "at" not in {argument.arg for argument in node.args.kwonlyargs}:
                yield Finding(path, node.lineno, f"{node.name}: an action is told the time (`at`)")


def actions_queries_and_rooms_say_what_they_are(tree: Tree) -> Iterator[Finding]:
    """One line of docstring on every room, action and query."""
    for path in tree.files("/__init__.py", under=("commandcenter", "missions", "alerts")):
        is_room = path.count("/") == 2 and "/migrations/" not in path and "/management/" not in path
        if is_room and not ast.get_docstring(syntax(tree, path)):
            yield Finding(path, 1, "a room's docstring says what it is and whom it may import")
    for path in tree.furniture("actions", "queries"):
        for node in syntax(tree, path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                yield Finding(path, node.lineno, f"{node.name}: one line saying what it does")


def celery_only_wakes(tree: Tree) -> Iterator[Finding]:
    """No timers and no retries in Celery: rows hold the work (reliability.md K3)."""
    for path in tree.sources():
        for call in calls(syntax(tree, path)):
            for keyword in call.keywords:
                if keyword.arg in {"eta", "countdown", "autoretry_for", "retry_backoff"}:
                    yield Finding(path, call.lineno, f"{keyword.arg}=: a row holds the work, Celery only wakes it")


def database_sync_to_async_only(tree: Tree) -> Iterator[Finding]:
    """Plain sync_to_async leaks database connections (reliability.md L6)."""
    for path in tree.sources():
        for node in ast.walk(syntax(tree, path)):
            if isinstance(node, ast.ImportFrom) and any(alias.name == "sync_to_async" for alias in node.names):
                yield Finding(path, node.lineno, "use channels.db.database_sync_to_async")


def functions_are_short(tree: Tree) -> Iterator[Finding]:
    """No function over 60 lines, and 95 of 100 within 40."""
    lengths = []
    for path in tree.sources():
        for node in functions(syntax(tree, path)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            lengths.append(length)
            if length > LONGEST_FUNCTION:
                yield Finding(path, node.lineno, f"{node.name} has {length} lines (at most {LONGEST_FUNCTION})")
    lengths.sort()
    if lengths and lengths[int(0.95 * (len(lengths) - 1))] > LONGEST_P95:
        yield Finding("", 0, f"too many long functions: the 95th percentile is over {LONGEST_P95} lines")


def files_and_rooms_are_small(tree: Tree) -> Iterator[Finding]:
    """A file has at most 400 lines, a room at most 900 of Python."""
    rooms: dict[str, int] = defaultdict(int)
    for path in tree.files(".py", ".js", ".html", ".css", ".sh"):
        lines = tree.text(path).count("\n")
        if lines > LONGEST_FILE and "/migrations/" not in path:
            yield Finding(path, lines, f"{lines} lines (at most {LONGEST_FILE})")
    for path in tree.sources():
        if path.count("/") >= 2 and "/management/" not in path:
            rooms["/".join(path.split("/")[:2])] += tree.text(path).count("\n")
    for room, lines in rooms.items():
        if lines > LARGEST_ROOM:
            yield Finding(f"{room}/__init__.py", 1, f"the room has {lines} lines (at most {LARGEST_ROOM}): split it")


COLUMNS = {"name", "document", "phone", "country", "country_id", "place", "mission", "mission_id", "traces"}
REGISTRY = "a citizen's columns are read in missions/registry alone: ask it for masked values"
PLAIN_VALUES = {"Citizen", "Trace", "Upload", "entry_of"}


def persons_are_asked_of_the_registry(tree: Tree) -> Iterator[Finding]:
    """Nobody outside missions/registry reads a citizen's columns: others hold ids and are given masked values."""
    for path in tree.sources():
        if not path.startswith("missions/registry/"):
            nodes = list(ast.walk(syntax(tree, path)))
            yield from (Finding(path, getattr(node, "lineno", 1), REGISTRY) for node in nodes if _reads_a_citizen(node))
            if not path.endswith("/models.py"):
                yield from (Finding(path, getattr(node, "lineno", 1), REGISTRY) for node in nodes if _takes_plain(node))
    for path in tree.files(".html"):
        if ".citizen." in tree.text(path):
            yield Finding(path, 1, REGISTRY)


def _takes_plain(node: ast.AST) -> bool:
    """The registry's tables, and the function that reads them; models.py needs them for keys."""
    names = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
    module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
    return module.startswith("missions.registry") and bool(names & PLAIN_VALUES)


def _reads_a_citizen(node: ast.AST) -> bool:
    """`person.citizen.name`, filter(citizen__name=...), "citizen__name"."""
    if isinstance(node, ast.Attribute):
        return node.attr in COLUMNS and last_name(node.value) == "citizen"
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and "citizen__" in node.value
    return isinstance(node, ast.keyword) and (node.arg or "").startswith("citizen__")
