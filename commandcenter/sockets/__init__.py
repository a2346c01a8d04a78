"""Open sockets: the consumer, the hub that fans out, the bytes on the wire. Imports live, events, access."""
