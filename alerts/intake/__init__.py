"""The citizen's door: emergencies, positions and messages come in here, by the public API. Imports emergencies."""
