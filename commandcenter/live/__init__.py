"""The live channel: frames and cards, the hub that fans out, catch-up over HTTP. Imports events, access."""
