"""Hashed and compressed static files, with ES module imports rewritten (ux.md section 10)."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModules(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Adds the content hash to every name and follows `import ... from './x.js';`."""

    support_js_module_import_aggregation = True
    manifest_strict = True
