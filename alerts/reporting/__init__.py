"""Doors to reports: the officer's link and form, the API, the board, the demand. May import sitreps and below."""
