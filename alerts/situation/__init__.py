"""A crisis as it stood at any past instant, replayed and printed. Imports answers, logbook, verification and below."""
