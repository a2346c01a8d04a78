"""The relay: numbers committed events, chains them, builds frames, nudges the hubs. Imports live, events, access."""
