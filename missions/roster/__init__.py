"""Who is on duty: shifts, deputies, gaps, in the local time of each place. Imports directory and below."""
