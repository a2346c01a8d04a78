"""Missions, their contacts and consular areas, and which one answers for a place. May import countries."""
