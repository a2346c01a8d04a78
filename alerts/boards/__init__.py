"""The mission board: who was asked, who answered, who is silent, now and at any past instant. Imports sitreps."""
