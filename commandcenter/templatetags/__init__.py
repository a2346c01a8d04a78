"""Template tags of every page. May import commandcenter's plain modules (wording, figures, clock), no room."""
