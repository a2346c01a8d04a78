"""The log of a crisis in words: what was declared, asked, reported, chosen. Imports ledger and below."""
