"""What desks see of reports: the board, the demand, one report and its versions. May import sitreps and below."""
