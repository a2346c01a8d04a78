"""Emergencies that staff enter: a call, somebody at the counter, a relative. Imports emergencies and below."""
