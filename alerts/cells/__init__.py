"""Cells: how many emergencies stand in each square of the map, kept with every change. Imports nothing of alerts."""
