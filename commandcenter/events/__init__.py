"""The log: append-only events and the one writer. Imports kinds, access."""
