"""Every check of bin/lint catches a planted fault, and leaves the right way of writing alone."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.architecture import checks, page_checks, python_checks, text_checks
from tests.architecture.tree import APPS, Check, Finding, Tree

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
Plant = Callable[[dict[str, str]], Tree]

# check, file, the fault, the right way
PYTHON: list[tuple[Check, str, str, str]] = [
    (
        python_checks.views_touch_no_tables,
        "alerts/crises/views.py",
        "crises = Crisis.objects.all()",
        "crises = queries.open_crises(reader)",
    ),
    (python_checks.only_actions_write, "alerts/crises/views.py", "crisis.save()", "actions.declare(at=at)"),
    (
        python_checks.only_actions_write,
        "alerts/crises/queries.py",
        "Crisis.objects.filter(pk=1).update(level=2)",
        "context.update(level=2)",
    ),
    (python_checks.only_actions_write, "alerts/crises/api.py", "form.save(commit=True)", "form.is_valid()"),
    (
        python_checks.one_writer_of_the_log,
        "alerts/crises/actions.py",
        "Event.objects.create(kind='x')",
        "record(kind='x')",
    ),
    (
        python_checks.one_writer_of_the_log,
        "alerts/crises/actions.py",
        "Event(kind='x').save()",
        "Event.objects.filter()",
    ),
    (
        python_checks.every_view_is_gated,
        "alerts/crises/views.py",
        "def room(request): ...",
        "@require_GET\n@allow(MINISTER)\ndef a(request): ...\n\n@public\ndef b(request): ...\ndef _c(request): ...",
    ),
    (python_checks.every_view_is_gated, "alerts/crises/views.py", "class Room(View): ...", "ROWS = 50"),
    (python_checks.the_clock_is_passed_down, "alerts/crises/actions.py", "at = clock.now()", "due = at + WAIT"),
    (python_checks.the_clock_is_passed_down, "alerts/crises/views.py", "at = timezone.now()", "at = clock.now()"),
    (
        python_checks.actions_are_keyword_only,
        "alerts/crises/actions.py",
        "def declare(name, *, at): ...",
        "def declare(*, name, actor, at): ...\n\ndef _lock(crisis): ...",
    ),
    (python_checks.actions_are_keyword_only, "alerts/crises/actions.py", "def declare(*, actor): ...", ""),
    (
        python_checks.actions_queries_and_rooms_say_what_they_are,
        "alerts/crises/queries.py",
        "def board(): return []",
        'def board():\n    """The mission board."""',
    ),
    (
        python_checks.actions_queries_and_rooms_say_what_they_are,
        "alerts/crises/__init__.py",
        "",
        '"""Crises. Imports x."""',
    ),
    (python_checks.celery_only_wakes, "alerts/crises/tasks.py", "look.apply_async(countdown=60)", "look.delay()"),
    (
        python_checks.celery_only_wakes,
        "alerts/crises/tasks.py",
        "look.apply_async(eta=due)",
        "look.apply_async(expires=2)",
    ),
    (
        python_checks.database_sync_to_async_only,
        "commandcenter/live/hub.py",
        "from asgiref.sync import sync_to_async",
        "from channels.db import database_sync_to_async",
    ),
    (
        python_checks.functions_are_short,
        "alerts/crises/rules.py",
        "def may():\n" + "    x = 1\n" * 60,
        "def may():\n" + "    x = 1\n" * 39,
    ),
    (python_checks.functions_are_short, "alerts/crises/rules.py", "def may():\n" + "    x = 1\n" * 41, ""),
    *(
        (python_checks.persons_are_asked_of_the_registry, path, fault, right)
        for path, fault, right in (
            (
                "alerts/persons/queries.py",
                "from missions.registry.models import Citizen",
                "from missions.registry.queries import masked_by_id",
            ),
            ("alerts/persons/queries.py", "name = person.citizen.name", "key = person.citizen_id"),
            ("alerts/persons/queries.py", "rows.filter(citizen__phone='1')", "rows.filter(citizen_id__in=found)"),
            ("alerts/persons/queries.py", "rows.values('citizen__name')", "rows.values('citizen')"),
            ("templates/alerts/x/a.html", "{{ person.citizen.name }}", "{{ row.shown.name }}"),
        )
    ),
    (python_checks.files_and_rooms_are_small, "alerts/crises/rules.py", "x = 1\n" * 401, "x = 1\n" * 400),
]
PAGES: list[tuple[Check, str, str, str]] = [
    *(
        (page_checks.templates_hold_no_code, "templates/alerts/crises/room.html", fault, right)
        for fault, right in (
            ("<script>go()</script>", '<script type="module" src="{% static \'js/x.js\' %}"></script>'),
            ('<script type="module">go()</script>', '<script type="application/json">{}</script>'),
            ("<style>p {}</style>", '<link rel="stylesheet" href="{% static \'css/x.css\' %}">'),
            ('<p style="color: red">', '<p class="late">'),
            ('<button onclick="go()">', '<button data-module="go">'),
            ('<a href="javascript:go()">', "<a href=\"{% url 'home' %}\">"),
            ('<p hx-on:click="go()">', '<p hx-get="x">'),
            ("<p hx-vals='js:{a: go()}'>", "<p hx-vals='{\"a\": 1}'>"),
            ('<p hx-trigger="keyup[ctrlKey]">', '<p hx-trigger="live:topic:crisis from:body">'),
            ("{% leaflet_map 'x' %}", "{% leaflet_js %}"),
            ("{{ text|safe }}", "{{ text }}"),
        )
    ),
    (page_checks.pages_load_nothing_from_outside, "templates/base.html", '<img src="//tiles.example.com/1">', ""),
    (page_checks.pages_load_nothing_from_outside, "static/css/page.css", "@import 'https://fonts.example.com';", "a{}"),
    (
        page_checks.pages_load_nothing_from_outside,
        "static/js/map/map.js",
        'fetch("https://example.com/x")',
        'const NS = "http://www.w3.org/2000/svg";',
    ),
    *(
        (page_checks.scripts_make_no_html_from_text, "static/js/ui/panel.js", fault, "box.textContent = name;")
        for fault in (
            "box.innerHTML = name;",
            "box.outerHTML = name;",
            'box.insertAdjacentHTML("beforeend", name);',
            "document.write(name);",
            "marker.bindPopup(name);",
            'box.setAttribute("style", name);',
        )
    ),
    (
        page_checks.imports_end_with_a_semicolon,
        "static/js/ui/panel.js",
        'import { draw } from "./draw.js"\ndraw();',
        'import {\n  a,\n} from "./a.js";\nimport "./b.js";\nexport { c } from "./c.js";\nd = await import("./d.js")',
    ),
    (page_checks.imports_end_with_a_semicolon, "static/js/ui/panel.js", 'export { c } from "./c.js"\n', ""),
    (
        page_checks.scripts_hold_no_words,
        "static/js/ui/panel.js",
        'strip.textContent = "Terputus";',
        'strip.textContent = strip.dataset.broken;\nrow.textContent = "";',
    ),
    (
        page_checks.templates_hold_no_bare_words,
        "templates/base.html",
        "<p>Belum dilaporkan</p>",
        '<p class="figure">{% translate "No" %} {{ n }} WNI {# so #}</p>{% blocktranslate %}yes{% endblocktranslate %}',
    ),
    (page_checks.templates_hold_no_bare_words, "templates/base.html", '<i aria-label="Close">', '<i class="close">'),
]
TEXTS: list[tuple[Check, str, str, str]] = [
    (text_checks.no_registry_is_named, "bin/run", f"pip --index-url https://{text_checks.REGISTRIES[0]}/simple", "pip"),
    (text_checks.nothing_is_left_to_do, "alerts/crises/rules.py", "# TO" + "DO: later", "# why"),
    (
        text_checks.the_catalogue_is_complete,
        "templates/base.html",
        '{% translate "Missing" %}',
        '{% translate "Known" %}',
    ),
]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Makes a small tree of these files."""

    def make(files: dict[str, str]) -> Tree:
        for path, text in files.items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        return Tree(tmp_path)

    return make


@pytest.mark.parametrize(("check", "path", "fault", "right"), [*PYTHON, *PAGES, *TEXTS])
def test_a_planted_fault_is_caught_and_the_right_way_is_not(
    plant: Plant, check: Check, path: str, fault: str, right: str
) -> None:
    known = {
        text_checks.PO: HEADER + 'msgid "Known"\nmsgstr "Dikenal"\n',
        "templates/x.html": '{% translate "Known" %}',
    }
    assert [found.message for found in check(plant(known | {path: fault}))]
    assert [found for found in check(plant({path: right})) if found.path != "x"] == []


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('msgid "Known"\nmsgstr ""\n', "no Indonesian words yet"),
        ('#, fuzzy\nmsgid "Known"\nmsgstr "Dikenal"\n', "no Indonesian words yet"),
        ('msgid "Known"\nmsgstr "Dikenal"\n\nmsgid "Gone"\nmsgstr "Hilang"\n', "no longer in the sources"),
        ("", "missing"),
    ],
)
def test_the_catalogue_check_names_what_is_wrong(plant: Plant, entry: str, message: str) -> None:
    tree = plant({text_checks.PO: HEADER + entry, "templates/x.html": '{% translate "Known" %}'})
    assert [message in found.message for found in text_checks.the_catalogue_is_complete(tree)] == [True]


def test_the_catalogue_check_compares_placeholders(plant: Plant) -> None:
    entry = '#, python-format\nmsgid "%(n)s missions"\nmsgstr "%(m)s Perwakilan"\n'
    tree = plant({text_checks.PO: HEADER + entry, "alerts/x.py": '_("%(n)s missions")'})
    assert ["placeholders" in found.message for found in text_checks.the_catalogue_is_complete(tree)] == [True]


@pytest.mark.parametrize(
    ("runtime", "test", "faults"),
    [
        ("django==5.2.1", "django==5.2.1\npytest==9", 0),
        ("django==5.2.1", "django==5.2.2\npytest==9", 1),
        ("other==1", "other==1\npytest==9", 1),
        ("django==5.2.1", "django==5.2.1", 1),
    ],
)
def test_locks_that_do_not_agree_are_caught(plant: Plant, runtime: str, test: str, faults: int) -> None:
    asked = '[project]\ndependencies = ["Django>=5.2"]\n[dependency-groups]\ntest = ["pytest"]\n'
    tree = plant({"pyproject.toml": asked, "requirements.txt": runtime, "tests/requirements.txt": test})
    assert len(list(text_checks.the_locks_agree(tree))) == faults


@pytest.mark.parametrize(
    ("readme", "faults"),
    [
        ("| `alerts/crises` | what |\n| `DCC_POOL` | 16 |", 0),
        ("| `DCC_POOL` | 16 |", 1),
        ("| `alerts/crises` | what |", 1),
        ("| `alerts/crises` | what |\n| `alerts/weather` | gone |\n| `DCC_POOL` | 16 |", 1),
    ],
)
def test_a_readme_that_is_not_true_is_caught(plant: Plant, readme: str, faults: int) -> None:
    files = {"alerts/crises/__init__.py": "", "commandcenter/settings.py": 'env.whole("DCC_POOL", 16)'}
    assert len(list(text_checks.the_readme_is_true(plant(files | {"README.md": readme})))) == faults


def test_a_room_that_grew_too_large_is_caught(plant: Plant) -> None:
    files = {f"alerts/crises/{name}.py": "x = 1\n" * 350 for name in ("models", "actions", "queries")}
    found = list(python_checks.files_and_rooms_are_small(plant(files)))
    assert [finding.path for finding in found] == ["alerts/crises/__init__.py"]


def test_every_check_is_run_and_has_a_mutant() -> None:
    special = {text_checks.the_locks_agree, text_checks.the_readme_is_true}
    assert {row[0] for row in [*PYTHON, *PAGES, *TEXTS]} | special == set(checks.CHECKS)


def test_findings_come_sorted_and_readable(plant: Plant) -> None:
    tree = plant({"alerts/crises/views.py": "def b(request): ...\ndef a(request): ...\n"})
    found = sorted(python_checks.every_view_is_gated(tree))
    assert str(found[0]).startswith("alerts/crises/views.py:1: b is not gated")
    assert isinstance(found[1], Finding)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the product's Python, to plant faults in."""
    copy = tmp_path_factory.mktemp("house")
    for app in APPS:
        shutil.copytree(ROOT / app, copy / app, ignore=shutil.ignore_patterns("__pycache__", "reference", "*.mo"))
    for name in (".importlinter", "pyproject.toml", "manage.py"):
        shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.mark.parametrize(
    ("path", "fault", "contract"),
    [
        ("missions/countries/models.py", "import alerts.crises.models", "one-direction"),
        ("commandcenter/events/models.py", "import commandcenter.live.models", "one-direction"),
        ("alerts/emergencies/models.py", "import alerts.crises.models", "alerts"),
        ("missions/countries/models.py", "import missions.directory.models", "missions"),
        ("commandcenter/access/models.py", "import commandcenter.access.actions", "furniture"),
        ("alerts/crises/views.py", "import commandcenter.events.record", "one-writer-of-the-log"),
        ("alerts/crises/actions.py", "import redis", "no-doors-in-the-domain"),
        ("alerts/crises/actions.py", "import commandcenter.live.nudge", "no-doors-in-the-domain"),
        ("alerts/weather/__init__.py", "", "alerts"),
    ],
)
def test_an_import_against_the_direction_is_caught(house: Path, path: str, fault: str, contract: str) -> None:
    with _planted(house / path, f"\n{fault}\n"):
        result = _tool(house, "lint-imports", "--no-cache", "--contract", contract)
    assert result.returncode == 1, result.stdout
    assert "BROKEN" in result.stdout


def test_a_tangled_function_is_caught(house: Path) -> None:
    tangled = "def f(x: int) -> int:\n" + "".join(f"    if x == {n}:\n        return {n + 1}\n" for n in range(9))
    result = _tool(
        house, "ruff", "check", "--stdin-filename", "alerts/crises/rules.py", "-", text=f"{tangled}    return x\n"
    )
    assert "C901" in result.stdout


def test_a_change_of_a_table_without_a_migration_is_caught(house: Path, tmp_path: Path) -> None:
    fault = "\n\nReadEntry.add_to_class('extra', models.TextField())\n"
    command = [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run", "--skip-checks"]
    environment = {"DCC_VAR": str(tmp_path), "PATH": "/usr/bin:/bin"}
    with _planted(house / "commandcenter/audit/models.py", fault):
        result = subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True)
    assert result.returncode == 1, result.stderr
    assert "extra" in result.stdout


@contextmanager
def _planted(target: Path, fault: str) -> Iterator[None]:
    """The fault at the end of the file (a new one, where there is none) for a while."""
    before = target.read_text() if target.exists() else None
    new_room = not target.parent.exists()
    target.parent.mkdir(exist_ok=True)
    target.write_text((before or "") + fault)
    yield
    if before is not None:
        target.write_text(before)
    elif new_room:
        shutil.rmtree(target.parent)
    else:
        target.unlink()


def _tool(house: Path, name: str, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / name), *arguments]
    return subprocess.run(command, cwd=house, input=text, capture_output=True, text=True)
