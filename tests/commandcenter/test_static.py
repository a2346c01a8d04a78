"""Scripts go out without their comments and indentation, and do what they did."""

import re
from pathlib import Path

import pytest

from commandcenter.static import COMMENT, lean

pytestmark = pytest.mark.once
SCRIPTS = Path(__file__).parents[2] / "static" / "js"


def test_a_lean_script_keeps_its_code_and_loses_comments_that_stand_alone() -> None:
    script = (
        "/** What it is\n * for. */\nimport { a } from './a.js';\n\n// Why.\nif (a) {\n  const b = '/* kept */';\n"
        "  /* one */ call(b); // kept too\n  x = a /* here */\n    / 2;\n}\n"
    )
    assert lean(script) == (
        "import { a } from './a.js';\nif (a) {\nconst b = '/* kept */';\n"
        "/* one */ call(b); // kept too\nx = a /* here */\n/ 2;\n}\n"
    )


def test_no_script_of_ours_holds_a_text_of_several_lines() -> None:
    """lean() would take its indentation away."""
    for path in SCRIPTS.rglob("*.js"):
        code = re.sub(r"//[^\n'\"`]*$", "", COMMENT.sub("", path.read_text()), flags=re.MULTILINE)
        assert [text[:60] for text in re.findall(r"`[^`]*`", code) if "\n" in text] == [], path


def test_a_lean_script_ends_no_comment_that_began_before_code() -> None:
    assert lean("/* a */ b();\n/* c */\n") == "/* a */ b();\n"
