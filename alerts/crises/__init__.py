"""Crises: declared events with an area, a level, a lead and the missions involved. Imports emergencies and below."""
