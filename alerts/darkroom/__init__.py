"""Makes copies of what was sent, in a process with little memory, little time and no network. Imports media."""
