"""The citizen's doors of the dialogue, in the public API: write, what was shown, silence. Imports intake and below."""
