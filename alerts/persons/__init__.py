"""The state of every known Indonesian in a crisis, with the act that led to it. Imports ledger and below."""
