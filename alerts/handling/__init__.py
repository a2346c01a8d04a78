"""Handling one emergency: its page, its timeline, the acts of officers. Imports emergencies, audit, events, access."""
