"""Which emergencies are one crowd, a card of the queue, and which of their steps are due together. Imports floods."""
