"""What time alone makes due at the applicant's door."""

from datetime import datetime

from alerts.casepublic import actions, queries


def forget_tries(at: datetime) -> int:
    """Tries that no window needs any more; looking first takes no lock, and mostly there are none."""
    return actions.forget_tries(at=at) if queries.has_old_tries(at) else 0
