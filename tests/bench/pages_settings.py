"""The product's settings with two addresses more: the empty pages that P9 measures beside (pages_urls.py)."""

from commandcenter.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.pages_urls"
