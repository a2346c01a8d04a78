"""Leases: a named officer is writing on an emergency, for 120 seconds at a time. Imports emergencies and below."""
