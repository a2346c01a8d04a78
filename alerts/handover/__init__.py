"""The note between two shifts of the command centre, signed by both. Imports escalation and below."""
