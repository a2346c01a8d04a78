"""Figures of the five questions: their keys, their names, detectors of what does not fit. Imports no other room."""
