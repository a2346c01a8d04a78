"""Read before the settings are (see addopts in pyproject.toml): every run of the suite has a folder of its own."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("DCC_VAR", tempfile.mkdtemp(prefix="dcc-test-"))
os.environ.setdefault("DCC_LOG", "WARNING")
# WhiteNoise warns about a missing folder; tests serve no collected files.
(Path(os.environ["DCC_VAR"]) / "static").mkdir(parents=True, exist_ok=True)
