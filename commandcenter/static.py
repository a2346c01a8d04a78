"""Hashed and compressed static files, with ES module imports rewritten (ux.md section 10)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Comments alone on their lines; no script holds a text of several lines (tests/commandcenter/test_static.py).
COMMENT = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/[ \t]*|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
BLANK = re.compile(r"^[ \t]+|^\n", re.MULTILINE)


def lean(script: str) -> str:
    """The script without comments and indentation; its lines stay lines."""
    return BLANK.sub("", COMMENT.sub("", script))


class HashedModules(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Adds the content hash to every name and follows `import ... from './x.js';`."""

    support_js_module_import_aggregation = True
    manifest_strict = True

    def post_process(self, paths: dict[str, Any], *rest: Any, **options: Any) -> Iterator[Any]:
        """Our own scripts go out without their comments and indentation: a third less on a weak line."""
        for name in list(paths):
            if name.startswith("js/") and name.endswith(".js"):
                file = Path(self.path(name))
                file.write_text(lean(file.read_text()))
                paths[name] = (self, name)
        yield from super().post_process(paths, *rest, **options)
