"""Plays a scenario against a running server as people would, and compares how it ends. Imports exercises and below."""
