"""Emergencies: intake, queue, taking, messages. Imports missions, live, audit, events, access."""
