"""Calls to the hotline: drafts, what the telephone exchange tells, how each ended. Imports callbacks, emergencies."""
