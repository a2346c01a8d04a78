"""The read-log: who read whose personal data, on which screen, and why. Imports access."""
