"""How an emergency goes on: waiting, closing, and what time brings back to the queue. Imports emergencies and below."""
