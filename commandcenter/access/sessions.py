"""Sessions in the database; a cookie that can't be one of our keys is no session, and is never asked about."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore


class SessionStore(DatabaseStore):
    """Keys are letters and digits: an escaped NUL in a cookie would be a 500 on PostgreSQL (reliability.md S4)."""

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and key.isascii() and key.isalnum() and len(key) >= 8)
