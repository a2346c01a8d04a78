"""The log: append-only events, the kinds there are, and the one writer. Imports access."""
