"""The doors to the ledger of persons: its page, lists, acts, one person's trail, the API. Imports persons and below."""
