"""The kinds of events: one typed schema each, ids and codes only, never a word of a person. Imports no other room."""
