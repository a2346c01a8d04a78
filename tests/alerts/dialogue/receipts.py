"""A walk over the whole product: who can send receipt 2 or 3, or say "read by an officer" (domain.md rule 8).

Three questions, each asked of every module:

1. Who writes? Every assignment, keyword of a writing call, key of a dictionary, name in a list of columns, SQL text or
   recorded event that can set one of FIELDS on an emergency or a message. A writer must be an *act*: a function with
   a parameter that is a Reader, never None (`actor: Reader`).
2. Who calls an act? Every mention of it is followed, through imports, other acts, and tables of acts, up to its door.
   The Reader that is passed must be the caller's own parameter (then the caller is an act, and is followed in turn),
   or come from `reader_from(request)` in a view that stands behind `allow`.
3. Is that door an officer's deed? Such a view takes POST only: to load a page is no act.

Whatever else reaches an act (sweep, task, reader of messages, intake, command) is a finding: a path in words.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from tests.architecture.tree import Tree
from tests.journeys.running import ROOT

FIELDS = frozenset(
    {
        *("opened_at", "opened_by", "opened_by_id", "taken_at", "taken_by", "taken_by_id"),
        *("read_at", "read_by", "read_by_id"),
        "told_at",  # of a duplicate: its citizen too hears that the other one is taken
    }
)
EVENTS = frozenset(
    {
        *("opened", "taken", "accepted", "taking_told", "read"),
        *("emergency.opened", "emergency.taken", "emergency.accepted", "emergency.taking_told", "dialogue.read"),
    }
)
# Calls that write what their keywords say; of any other call a keyword only asks.
WRITING = frozenset({"update", "create", "get_or_create", "update_or_create", "Emergency", "EmergencyMessage"})
RECORDING = frozenset({"change", "record", "Entry", "_tell"})
# Strings that only name what is read, or which changed fields are saved.
READING = frozenset(
    {
        *("select_related", "prefetch_related", "only", "defer", "values", "values_list", "order_by", "getattr"),
        *("ForeignKey", "Index", "index", "get", "pop"),
    }
)
SAVING = frozenset({"fields", "update_fields"})
SQL = re.compile(r"\b(update|insert|copy|merge)\b", re.IGNORECASE)
# The room of emergencies is known by its models: who can't name them can't write them.
MODELS = "alerts.emergencies"
# Lists of columns that are read, or that say what is saved: by module and name.
LISTS = frozenset(
    {
        ("alerts.emergencies.queries", "SHOWN_FIELDS"),
        ("alerts.emergencies.holding", "HELD"),
        # manage.py seed_load: a history for measurements, written into an empty, throw-away database or refused.
        ("alerts.load.rows", "EMERGENCY"),
    }
)

# Fill in what was read for the screen; a test sees that they save nothing.
NAMING = frozenset({("alerts.queue.queries", "_name")})

Sources = Mapping[str, str]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> dict[str, str]:
    """The product's modules by dotted name."""
    tree = Tree(ROOT)
    return {
        path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): tree.text(path) for path in tree.sources()
    }


@dataclass
class Place:
    """One function of one module ("" is the module's own level)."""

    module: "Module"
    name: str
    node: ast.AST

    @property
    def key(self) -> tuple[str, str]:
        """What it is known by."""
        return self.module.name, self.name

    @property
    def words(self) -> str:
        """For findings."""
        return f"{self.module.name}.{self.name}" if self.name else self.module.name

    @property
    def readers(self) -> list[str]:
        """Its parameters that are a Reader and never None."""
        if not isinstance(self.node, Function):
            return []
        given = self.node.args
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        return [one.arg for one in every if one.annotation is not None and ast.unparse(one.annotation) == "Reader"]

    @property
    def decorators(self) -> list[str]:
        """Names of what stands around it."""
        if not isinstance(self.node, Function):
            return []
        return [_name(one.func if isinstance(one, ast.Call) else one) for one in self.node.decorator_list]

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Everything in it that runs; of a module what is in no function."""
        if isinstance(self.node, Function):
            return [node for part in self.node.body for node in ast.walk(part)]
        found: list[ast.AST] = []
        waiting: list[ast.AST] = [self.node]
        while waiting:
            node = waiting.pop()
            found.append(node)
            waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, Function)]
        return found

    @cached_property
    def meant(self) -> dict[tuple[str, str], list[ast.AST]]:
        """The functions that names in it may mean, each with those names."""
        found: dict[tuple[str, str], list[ast.AST]] = defaultdict(list)
        for node in self.nodes:
            key = self.module.meant(node)
            if key is not None:
                found[key].append(node)
        return found

    @cached_property
    def writes(self) -> set[str]:
        """Which of the fields and events it can set."""
        return _writes(self)

    def officers(self) -> set[str]:
        """Names that hold the officer who asks: its own Reader, or in a gated view the request's."""
        found = set(self.readers)
        if "allow" in self.decorators:
            for node in self.nodes:
                if isinstance(node, ast.Assign):
                    found |= {name for name, value in _pairs(node) if _is_request(value)}
        return found


@dataclass
class Module:
    """One module, parsed."""

    name: str
    text: str
    places: list[Place] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tree = ast.parse(self.text)
        self.places.append(Place(self, "", self.tree))
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                self.places.append(Place(self, node.name, node))

    @cached_property
    def imports(self) -> dict[str, str]:
        """What each imported name stands for, dotted."""
        found = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                found |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
            elif isinstance(node, ast.Import):
                found |= {each.asname or each.name: each.name for each in node.names}
        return found

    @cached_property
    def knows_emergencies(self) -> bool:
        """Whether it can name them."""
        return self.name.startswith(MODELS) or any(whole.startswith(MODELS) for whole in self.imports.values())

    def meant(self, node: ast.AST) -> tuple[str, str] | None:
        """The function a name means: (module, function)."""
        if isinstance(node, ast.Name):
            whole = self.imports.get(node.id, f"{self.name}.{node.id}")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            whole = f"{self.imports.get(node.value.id, node.value.id)}.{node.attr}"
        else:
            return None
        module, _dot, name = whole.rpartition(".")
        return module, name


@cache
def parsed(name: str, text: str) -> Module:
    """One module, parsed once for all walks that leave it as it is."""
    return Module(name, text)


@dataclass(slots=True)
class Told:
    """How a caller reaches an act: through an act of its own, at an officer's door, or as nobody may."""

    act: Place | None = None
    door: str = ""
    finding: str = ""


@dataclass(slots=True)
class Walk:
    """The findings of one walk, and the doors at which each act of an officer begins."""

    findings: list[str]
    writers: list[str]
    doors: list[str]


def walk(given: Sources) -> Walk:
    """Walk over these modules."""
    places = [place for name, text in given.items() for place in parsed(name, text).places]
    writers = [place for place in places if place.writes and place.key not in NAMING]
    found = Walk([], sorted(place.words for place in writers), [])
    found.findings += [
        f"{place.words} writes {', '.join(sorted(place.writes))} without an officer"
        for place in writers
        if not place.readers
    ]
    acts = [place for place in writers if place.readers]
    known = {act.key for act in acts}
    while acts:
        act = acts.pop()
        callers = [place for place in places if act.key in place.meant]
        for told in [told for caller in callers for told in _mentions(caller, act, places)]:
            found.findings += [told.finding] * bool(told.finding)
            found.doors += [told.door] * bool(told.door)
            if told.act is not None and told.act.key not in known:
                known.add(told.act.key)
                acts.append(told.act)
    return Walk(sorted(set(found.findings)), found.writers, sorted(set(found.doors)))


def _writes(place: Place) -> set[str]:
    """Which of the fields and events this place can set; clearing one (None) sends nothing."""
    about = place.module.knows_emergencies
    found: set[str] = set()
    for node in place.nodes:
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            found |= {name for name, value in _attributes(node) if _counts(name, value, known=about)}
        elif isinstance(node, ast.Call):
            found |= _written_by_call(node, known=about)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
            found |= {f"{name} by SQL" for name in FIELDS if re.search(rf"\b{name}\b", node.value)}
    return found | (_named(place) if about else set())


def _counts(target: str, value: ast.AST | None, *, known: bool) -> bool:
    owner, _dot, name = target.rpartition(".")
    return name in FIELDS and (known or "emergency" in owner) and not _is_none(value)


def _written_by_call(node: ast.Call, *, known: bool) -> set[str]:
    called = _name(node.func)
    found: set[str] = set()
    if called in WRITING and known:
        found |= {word.arg for word in node.keywords if word.arg in FIELDS and not _is_none(word.value)}
    if called in RECORDING:
        kinds = [word.value for word in node.keywords if word.arg == "kind"] + (
            node.args[:1] if called == "_tell" else []
        )
        said = {kind.value for kind in kinds if isinstance(kind, ast.Constant) and kind.value in EVENTS}
        found |= {f"the event {kind}" for kind in said if known}
    return found


def _named(place: Place) -> set[str]:
    """Field names as text, wherever they do not only read: keys of dictionaries, columns, setattr."""
    spared: set[int] = set()
    for node in place.nodes:
        if _only_names(place, node):
            spared |= {id(part) for part in ast.walk(node)}
    texts = (node for node in place.nodes if isinstance(node, ast.Constant) and id(node) not in spared)
    return {f"{node.value} by name" for node in texts if isinstance(node.value, str) and node.value in FIELDS}


def _only_names(place: Place, node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return _name(node.func) in READING
    if isinstance(node, ast.keyword):
        return node.arg in SAVING
    listed = [one.id for one in node.targets if isinstance(one, ast.Name)] if isinstance(node, ast.Assign) else []
    return any((place.module.name, name) in LISTS for name in listed)


def _mentions(caller: Place, act: Place, places: list[Place]) -> Iterator[Told]:
    named = caller.meant[act.key]
    calls = [node for node in caller.nodes if isinstance(node, ast.Call) and node.func in named]
    for call in calls:
        yield _judged(caller, call, act)
    called = [call.func for call in calls]
    for node in named:
        if node in called or not isinstance(getattr(node, "ctx", None), ast.Load):
            continue
        if caller.name:
            yield Told(finding=f"{caller.words} hands on {act.words} without calling it")
        else:
            yield from _tabled(caller, node, act, places)


def _judged(caller: Place, call: ast.Call, act: Place) -> Told:
    passed = {word.arg: word.value for word in call.keywords}
    own = [one.arg for one in act.node.args.args] if isinstance(act.node, Function) else []
    passed |= dict(zip(own, call.args, strict=False))
    if not any(_is_officer(caller, passed.get(name)) for name in act.readers):
        return Told(finding=f"{caller.words} calls {act.words} without an officer's request")
    if caller.readers and not _gate(caller):
        return Told(act=caller)
    if "require_POST" not in caller.decorators:
        return Told(finding=f"{caller.words} calls {act.words}, and to load a page is no act")
    return Told(door=caller.words)


def _gate(place: Place) -> bool:
    return "allow" in place.decorators


def _is_officer(caller: Place, value: ast.AST | None) -> bool:
    if isinstance(value, ast.Name):
        return value.id in caller.officers()
    return value is not None and _gate(caller) and _is_request(value)


def _tabled(level: Place, node: ast.AST, act: Place, places: list[Place]) -> Iterator[Told]:
    """An act in a table of a module's own level: everybody who uses the table is judged."""
    tables = [
        (level.module.name, target.id)
        for part in level.nodes
        if isinstance(part, ast.Assign | ast.AnnAssign) and any(one is node for one in ast.walk(part))
        for target in (part.targets if isinstance(part, ast.Assign) else [part.target])
        if isinstance(target, ast.Name)
    ]
    if not tables:
        yield Told(finding=f"{level.words} hands on {act.words} at its own level")
    for user in places:
        if user.name and any(table in user.meant for table in tables):
            yield from _through_table(user, act)


def _through_table(user: Place, act: Place) -> Iterator[Told]:
    """In a function that takes an act from a table, every call of a name of its own is judged as its call."""
    local = {name for node in user.nodes if isinstance(node, ast.Assign) for name, _value in _pairs(node)}
    calls = [node for node in user.nodes if isinstance(node, ast.Call) and _name(node.func) in local]
    if not calls:
        yield Told(finding=f"{user.words} hands on a table with {act.words}")
    yield from (_judged(user, call, act) for call in calls if isinstance(call.func, ast.Name))


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _is_none(value: ast.AST | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _is_request(value: ast.AST | None) -> bool:
    return isinstance(value, ast.Call) and _name(value.func) == "reader_from"


def _pairs(node: ast.Assign) -> Iterator[tuple[str, ast.AST]]:
    """Plain names with what each is given, also in `a, b = x, y`."""
    for target in node.targets:
        if isinstance(target, ast.Name):
            yield target.id, node.value
        elif isinstance(target, ast.Tuple):
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value] * len(target.elts)
            yield from (
                (one.id, value) for one, value in zip(target.elts, values, strict=False) if isinstance(one, ast.Name)
            )


def _attributes(node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> Iterator[tuple[str, ast.AST | None]]:
    """`owner.name` of every attribute that is assigned, with its value."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        parts = target.elts if isinstance(target, ast.Tuple) else [target]
        whole = node.value
        values = whole.elts if isinstance(whole, ast.Tuple) and len(parts) > 1 else [whole] * len(parts)
        for one, value in zip(parts, values, strict=False):
            if isinstance(one, ast.Attribute):
                yield f"{ast.unparse(one.value)}.{one.attr}", value
