"""The house checks of bin/lint, each a function from a tree to its findings; `python -m tests.architecture.checks`."""

import sys
from pathlib import Path

from tests.architecture import page_checks, python_checks, text_checks
from tests.architecture.tree import Check, Finding, Tree

CHECKS: tuple[Check, ...] = (
    python_checks.views_touch_no_tables,
    python_checks.only_actions_write,
    python_checks.one_writer_of_the_log,
    python_checks.every_view_is_gated,
    python_checks.the_clock_is_passed_down,
    python_checks.actions_are_keyword_only,
    python_checks.actions_queries_and_rooms_say_what_they_are,
    python_checks.celery_only_wakes,
    python_checks.database_sync_to_async_only,
    python_checks.functions_are_short,
    python_checks.files_and_rooms_are_small,
    python_checks.persons_are_asked_of_the_registry,
    page_checks.templates_hold_no_code,
    page_checks.pages_load_nothing_from_outside,
    page_checks.scripts_make_no_html_from_text,
    page_checks.imports_end_with_a_semicolon,
    page_checks.scripts_hold_no_words,
    page_checks.templates_hold_no_bare_words,
    text_checks.no_registry_is_named,
    text_checks.nothing_is_left_to_do,
    text_checks.the_locks_agree,
    text_checks.the_readme_is_true,
    text_checks.the_catalogue_is_complete,
)


def findings(tree: Tree) -> list[Finding]:
    """Everything every check finds."""
    return sorted({finding for check in CHECKS for finding in check(tree)})


def main() -> int:
    """Print the findings of this checkout; 1 when there are any."""
    found = findings(Tree(Path(__file__).resolve().parents[2]))
    for finding in found:
        print(finding)
    print(f"{len(CHECKS)} house checks, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
