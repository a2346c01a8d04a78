"""Alarms that are silent for a while, with a reason and an end. Imports emergencies and below."""
