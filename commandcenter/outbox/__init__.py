"""What goes outward, as rows: one message to one person over one channel, and its fate. Imports live and below."""
