"""Clocks as data and their due steps: one row for each step of each open alarm. Imports only the shared ground."""
