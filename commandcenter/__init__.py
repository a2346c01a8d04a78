"""Wiring and shared ground: settings, sign-in, the event log, the live channel, the pages made of rooms' panels."""
