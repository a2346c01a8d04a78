"""Handling one emergency: its page, timeline and acts. Imports the rooms of what officers do, audit, events, access."""
